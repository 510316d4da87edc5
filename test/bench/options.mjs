// The command line of the benchmark.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gatewayEntryIn, nginxVersion } from './targets.mjs';
import { workloads } from './workloads.mjs';

export const usage = `npm run bench -- [options]

  --only W1,W3        workloads to run                                (all)
  --targets a,b       of relay, gateway, nginx, express               (all that are installed)
  --before folder     besides, the gateway as it is built in another checkout: what has a change brought?
  --runs n            measured runs of each target, interleaved       (5)
  --seconds s         length of a measured run                        (8)
  --warmup s          load on each target before its first run        (4)
  --catalog CxM       channels x models of the gateway                (1x1)
  --workers n         relaying workers of the gateway, all on its one core; their CPU counts (1)
  --profile           where the gateway's time goes: its functions by self time, one run per workload; with --stalls, what
                      the thread that relays did in the longest times without a pause
  --latency           instead: latency added at half load, against the upstream asked directly
  --streams n         instead: memory with n slow streams open
  --start             instead: time to the first answer, and memory at rest
  --first-chunk       instead: how soon the first chunk of an answer passes a target that is idle
  --dashboard n       instead: does an open dashboard slow calls down? with n log rows (5000000 is the goal)
  --slope m           instead: does memory grow? W1 and W3 together for m minutes
  --stalls n          instead: does the database delay streams? with n log rows (5000000 is the goal)
  --settle s          with --streams: how long after the last stream memory is looked at again (60)
  --help`;

const targetNames = ['relay', 'gateway', 'nginx', 'express'];

const parseOptions = {
  only: { type: 'string', default: Object.keys(workloads).join(',') },
  targets: { type: 'string', default: targetNames.filter((name) => name !== 'nginx' || nginxVersion !== undefined).join(',') },
  before: { type: 'string' },
  runs: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '8' },
  warmup: { type: 'string', default: '4' },
  catalog: { type: 'string', default: '1x1' },
  workers: { type: 'string', default: '1' },
  profile: { type: 'boolean', default: false },
  latency: { type: 'boolean', default: false },
  streams: { type: 'string' },
  start: { type: 'boolean', default: false },
  slope: { type: 'string' },
  stalls: { type: 'string' },
  'first-chunk': { type: 'boolean', default: false },
  dashboard: { type: 'string' },
  settle: { type: 'string', default: '60' },
  help: { type: 'boolean', default: false },
};

const numberOf = (name, text, { min, max }) => {
  const number = Number(text);
  if (text === '' || !(number >= min && number <= max)) throw new Error(`--${name} must be a number from ${min} to ${max}, got "${text}"`);
  return number;
};

const wholeNumberOf = (name, text, bounds) => {
  const number = numberOf(name, text, bounds);
  if (!Number.isInteger(number)) throw new Error(`--${name} must be a whole number, got "${text}"`);
  return number;
};

const listOf = (name, text, known) => {
  const list = [...new Set(text.split(','))];
  const unknown = list.find((each) => !known.includes(each));
  if (unknown !== undefined) throw new Error(`--${name} must name some of ${known.join(', ')}, got "${unknown}"`);
  return list;
};

const catalogOf = (text) => {
  const [, channels, models] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (channels === undefined) throw new Error(`--catalog must look like 100x50, got "${text}"`);
  return {
    channels: wholeNumberOf('catalog', channels, { min: 1, max: 1_000 }),
    models: wholeNumberOf('catalog', models, { min: 1, max: 500 }),
  };
};

const rowsOf = (name, text) => (text === undefined ? undefined : wholeNumberOf(name, text, { min: 1_000, max: 20_000_000 }));

const checkoutOf = (folder) => {
  if (!existsSync(gatewayEntryIn(folder))) throw new Error(`--before must name a checkout that has been built, got "${folder}"`);
  return folder;
};

/** Throws a sentence when an option cannot be used. */
export const readOptions = (args) => {
  const { values } = parseArgs({ args, options: parseOptions, strict: true });
  const seconds = { min: 0.1, max: 3_600 };
  return {
    help: values.help,
    only: listOf('only', values.only, Object.keys(workloads)),
    targets: listOf('targets', values.targets, targetNames),
    before: values.before === undefined ? undefined : checkoutOf(resolve(values.before)),
    runs: wholeNumberOf('runs', values.runs, { min: 1, max: 100 }),
    seconds: numberOf('seconds', values.seconds, seconds),
    warmupSeconds: numberOf('warmup', values.warmup, seconds),
    catalog: catalogOf(values.catalog),
    workers: wholeNumberOf('workers', values.workers, { min: 1, max: 64 }),
    profile: values.profile,
    latency: values.latency,
    streams: values.streams === undefined ? undefined : wholeNumberOf('streams', values.streams, { min: 1, max: 8_000 }),
    start: values.start,
    slopeMinutes: values.slope === undefined ? undefined : numberOf('slope', values.slope, { min: 0.5, max: 120 }),
    rows: rowsOf('stalls', values.stalls),
    firstChunk: values['first-chunk'],
    dashboardRows: rowsOf('dashboard', values.dashboard),
    settleSeconds: numberOf('settle', values.settle, seconds),
  };
};
