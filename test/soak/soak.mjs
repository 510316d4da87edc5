// Mixed traffic with faults, aborts and edits for as long as is asked for; then everything the gateway holds (memory, handles,
// sockets, timers, listeners) must be back where it was after a warm-up, and its log without a bug:
//
//   npm run soak -- --minutes 60
//
// Prints a line per sample and closes with a JSON report; exit code 1 when something did not come back.
import { parseArgs } from 'node:util';
import { startGateway } from './gateway.mjs';
import { startTraffic } from './traffic.mjs';
import { startUpstream } from './upstream.mjs';
import { bugLinesOf, problemsOf } from './verdict.mjs';

const lanes = 12;
const samplesMax = 60;
const warmUpShare = 0.2;
/** Longer than any connection stays idle, any retry waits and any job takes. */
const restMs = 5_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const wantedMs = () => {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seconds: { type: 'string' } } });
  const seconds = values.seconds === undefined ? Number(values.minutes ?? 60) * 60 : Number(values.seconds);
  if (!(seconds >= 5 && seconds <= 24 * 3600)) throw new Error(`expected --minutes or --seconds from 5 seconds to 24 hours, got ${seconds} s`);
  return seconds * 1_000;
};

const inMegabytes = (bytes) => Math.round((bytes / 1024 / 1024) * 10) / 10;

/** Traffic for a while, with samples; then rest, and what is held then. */
const round = async (gateway, durationMs, tally, note) => {
  const traffic = startTraffic(gateway, lanes, tally);
  const sampleEveryMs = Math.max(5_000, durationMs / samplesMax);
  for (let passed = 0; passed < durationMs; passed += sampleEveryMs) {
    await pause(Math.min(sampleEveryMs, durationMs - passed));
    note(await gateway.measure());
  }
  await traffic.stop();
  await pause(restMs);
  return gateway.measure();
};

const prepare = async (gateway) => {
  const upstreams = await Promise.all([0.01, 0.01, 0.02, 0.05, 0.2, 0.5].map((faultShare) => startUpstream(faultShare)));
  const channels = [];
  for (const [index, { url }] of upstreams.entries()) {
    channels.push((await gateway.admin('POST', '/admin/channels', { name: `soak-${index}`, api_key: `sk-soak-${index}`, url, models: ['soak'], priority: 10 })).id);
  }
  return { ...gateway, channels, upstreams: upstreams.map(({ url }) => url), closeUpstreams: () => upstreams.forEach(({ close }) => close()) };
};

const run = async () => {
  const durationMs = wantedMs();
  const gateway = await prepare(await startGateway());
  const tally = {};
  const series = [];
  const startedAt = Date.now();
  const note = ({ rss, heapUsed, threadHeaps }) => {
    const sample = { seconds: Math.round((Date.now() - startedAt) / 1_000), rssMB: inMegabytes(rss), heapMB: inMegabytes(heapUsed), threadsMB: Object.values(threadHeaps).map(inMegabytes) };
    series.push(sample);
    console.error(JSON.stringify(sample));
  };
  const before = await round(gateway, durationMs * warmUpShare, {}, note);
  const after = await round(gateway, durationMs * (1 - warmUpShare), tally, note);
  const bugs = bugLinesOf(gateway.output());
  const exitCode = await gateway.stop();
  gateway.closeUpstreams();
  const problems = [...problemsOf(before, after), ...bugs.map((line) => `the log says: ${line}`)];
  if (exitCode !== 0) problems.push(`the gateway exited with ${exitCode}`);
  if ((tally[200] ?? 0) < lanes) problems.push(`only ${tally[200] ?? 0} calls succeeded: that is no traffic`);
  if (tally[-1] !== undefined) problems.push(`${tally[-1]} calls had no answer in time`);
  console.log(JSON.stringify({ seconds: durationMs / 1_000, answersByStatus: tally, before, after, series, problems }, undefined, 1));
  return problems.length === 0 ? 0 : 1;
};

// The gateway is ended as this process exits, which a signal would skip.
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.on(signal, () => process.exit(128 + number));

run().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`The soak did not come to its end: ${error.stack}`);
    process.exit(1);
  },
);
