// What the gateway costs, against a bare relay and nginx. docs/PERFORMANCE.md tells the method; `--help` the options.
// Writes into bench-results/ only, ends by itself, and ends only what it started.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeMachine, machineText } from './machine.mjs';
import { measureDashboard } from './measure-dashboard.mjs';
import { measureFirstChunk } from './measure-first-chunk.mjs';
import { measureLatency } from './measure-latency.mjs';
import { measureSlope } from './measure-slope.mjs';
import { measureStalls } from './measure-stalls.mjs';
import { measureStart } from './measure-start.mjs';
import { measureStreams } from './measure-streams.mjs';
import { compare, measureRun } from './measure.mjs';
import { readOptions, usage } from './options.mjs';
import { killAll } from './processes.mjs';
import { readProfiles, readSpells } from './profile.mjs';
import { comparisonText, dashboardText, firstChunkText, latencyText, profileText, slopeText, stallsText, startText, streamsText } from './report.mjs';
import { withProcesses } from './session.mjs';
import { settledLogRows } from './targets.mjs';
import { workloads } from './workloads.mjs';

const results = fileURLToPath(new URL('../../bench-results', import.meta.url));
/** Starting, probing, settling and stopping the processes of one measurement. */
const overheadSeconds = 90;
/** Contenders of the fullest workload: relay, gateway, the gateway again with another body and as it was, nginx, express. */
const contendersMax = 6;
/** Making a log row up, and its share of the measurement. */
const secondsPerRow = 60e-6;
/** How much longer than expected the whole may take. */
const patience = 2;

const progress = (text) => console.error(`bench: ${text}`);

const compareOne = (setting, options) => async (name) => {
  const result = await withProcesses(setting(name), async (bench, targets) => {
    const comparison = await compare(bench, name, targets, options);
    const gateway = targets.find((target) => target.name === 'gateway');
    return gateway === undefined ? comparison : { ...comparison, log: { rows: await settledLogRows(gateway, wait), requests: gateway.answersInAll } };
  });
  return { result, text: comparisonText(result) };
};

const profileOne = (setting, options) => async (name) => {
  const { request, connections, staggerSeconds, title } = workloads[name];
  const load = (seconds) => ({ request, connections, staggerSeconds, seconds });
  const profileFolder = join(results, `${options.stamp}-profile`, name);
  const place = { ...setting(name), targets: ['gateway'], profileFolder };
  const { windowUs, cpuUs } = await withProcesses(place, async (bench, [gateway]) => {
    await measureRun(bench, gateway, load(options.warmupSeconds));
    return measureRun(bench, gateway, load(options.seconds));
  });
  const result = { workload: name, title, cpuUs, threads: readProfiles(profileFolder, windowUs) };
  return { result, text: profileText(result) };
};

/** A measurement of targets that have been started: those that were asked for, unless it names its own. */
const ofTargets = (name, measure, textOf, own = {}) => (setting, options) => async () => {
  const result = await withProcesses({ ...setting(name), ...own }, (bench, targets) => measure(bench, targets, options));
  return { result, text: textOf(result) };
};

/** A measurement that starts its gateway by itself. */
const ofStarting = (name, measure, textOf) => (setting, options) => async () => {
  const place = setting(name);
  const result = await withProcesses({ ...place, targets: [] }, (bench) => measure(bench, place, options));
  return { result, text: textOf(result) };
};

const stalls = (setting, options) => async () => {
  const profileFolder = options.profile ? join(results, `${options.stamp}-profile`, 'stalls') : undefined;
  const place = { ...setting('stalls'), profileFolder };
  const { windowUs, ...delays } = await withProcesses({ ...place, targets: [] }, (bench) => measureStalls(bench, place, options));
  const result = profileFolder === undefined ? delays : { ...delays, ...readSpells(profileFolder, windowUs) };
  return { result, text: stallsText(result) };
};

/** In this order, each when its option is given. */
const measurementsByOption = {
  rows: stalls,
  dashboardRows: ofStarting('dashboard', measureDashboard, dashboardText),
  firstChunk: ofTargets('first-chunk', measureFirstChunk, firstChunkText),
  start: ofStarting('start', measureStart, startText),
  slopeMinutes: ofTargets('slope', measureSlope, slopeText, { targets: ['gateway'] }),
  latency: ofTargets('latency', measureLatency, latencyText),
  streams: ofTargets('streams', measureStreams, streamsText),
};

/** Which measurements these options ask for, one after the other; the workloads when they ask for none. */
const planOf = (setting, options) => {
  const asked = Object.entries(measurementsByOption).filter(([option]) => options[option] !== undefined && options[option] !== false);
  if (asked.length > 0) return asked.map(([, measurement]) => measurement(setting, options));
  const one = options.profile ? profileOne(setting, options) : compareOne(setting, options);
  return options.only.map((name) => () => one(name));
};

const secondsMax = ({ runs, seconds, warmupSeconds, settleSeconds, slopeMinutes = 0, rows = 0, dashboardRows = 0 }, measurements) => {
  const one = contendersMax * (runs * (seconds + 6) + 2 * (warmupSeconds + 6) + settleSeconds + seconds) + slopeMinutes * 60 + (rows + dashboardRows) * secondsPerRow + overheadSeconds;
  return patience * measurements * one;
};

const endAfter = (seconds) =>
  setTimeout(() => {
    console.error(`bench: not done after ${seconds.toFixed(0)} s, giving up`);
    process.exit(1);
  }, seconds * 1_000).unref();

const main = async () => {
  const date = new Date();
  const options = { ...readOptions(process.argv.slice(2)), stamp: date.toISOString().replace(/[:.]/g, '-') };
  if (options.help) {
    console.log(usage);
    return;
  }
  const workFolder = join(results, `${options.stamp}-work`);
  mkdirSync(workFolder, { recursive: true });
  process.on('exit', () => {
    killAll();
    rmSync(workFolder, { recursive: true, force: true });
  });
  const { before, catalog } = options;
  const env = options.workers === 1 ? {} : { CCLOAD_WORKERS: String(options.workers) };
  const targets = before === undefined ? options.targets : [...options.targets, 'before'];
  const setting = (name) => ({ folder: join(workFolder, name), targets, before, catalog, env, progress });
  const plan = planOf(setting, options);
  endAfter(secondsMax(options, plan.length));

  const machine = describeMachine(date);
  const texts = [machineText(machine)];
  const measurements = [];
  console.log(texts[0]);
  for (const measurement of plan) {
    const { result, text } = await measurement();
    measurements.push(result);
    texts.push(text);
    console.log(`\n${text}`);
  }
  writeFileSync(join(results, `${options.stamp}.json`), `${JSON.stringify({ machine, options, measurements }, undefined, 2)}\n`);
  writeFileSync(join(results, `${options.stamp}.txt`), `${texts.join('\n\n')}\n`);
  console.log(`\nWritten to ${join('bench-results', options.stamp)}.{txt,json}`);
};

for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.on(signal, () => process.exit(128 + number));

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
