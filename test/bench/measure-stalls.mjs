// Does the database ever delay a stream? Streams flow through a gateway with millions of log rows while it stores new ones,
// rolls them up, deletes old ones and answers the heaviest questions; the same streams straight from the upstream are the measure.
import { fileURLToPath } from 'node:url';
import { startOnFilledLog } from './filled-log.mjs';
import { measureRun } from './measure.mjs';
import { otherCore, start } from './processes.mjs';
import { workloads } from './workloads.mjs';

const delaysScript = fileURLToPath(new URL('./stream-delays.mjs', import.meta.url));
const streams = 200;
const requestsPerSecond = 300;
/** Old rows are deleted from the first minute on. */
const keptDays = 2;
/** A minute and a little: the rollup and the retention are due once within it. */
const busySeconds = 75;
const quietSeconds = 20;
const answerMs = 60_000;
/** What an open dashboard asks, at its worst. */
const questions = [
  '/admin/stats?hours=720',
  '/admin/metrics?hours=166&bucket_min=5',
  '/admin/metrics?hours=33&bucket_min=1',
  '/admin/logs?hours=720&limit=1000&offset=2000000',
  '/admin/logs?hours=720&model_like=e&status=5xx',
];

const watchDelays = async (watcher, port, seconds) => {
  const watched = watcher.told('watched', seconds * 1_000 + answerMs);
  watcher.tell({ kind: 'watch', port, streams, seconds });
  return (await watched).result;
};

/** Asks one question after the other until it is told to stop; says how many were answered and the slowest. */
const askOnAndOn = async (operator, isOver) => {
  let [asked, slowestMs] = [0, 0];
  while (!isOver()) {
    const startedAt = performance.now();
    await operator.read(questions[asked++ % questions.length]);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
  return { asked, slowestMs };
};

export const measureStalls = async (bench, place, { rows }) => {
  bench.progress(`stalls: filling a log with ${rows} rows`);
  const gateway = await startOnFilledLog(bench, place, rows, { LOG_RETENTION_DAYS: String(keptDays) });
  const watcher = start({ name: 'stream delays', core: otherCore, command: process.execPath, args: [delaysScript], ipc: true });
  try {
    bench.progress('stalls: streams from the upstream itself');
    const direct = await watchDelays(watcher, bench.upstream.port, quietSeconds);
    bench.progress('stalls: streams through a gateway at rest');
    const quiet = await watchDelays(watcher, gateway.port, quietSeconds);
    bench.progress('stalls: the same while the database has all it can do');
    const traffic = { request: workloads.W1.request, connections: workloads.W1.connections, seconds: busySeconds, rate: requestsPerSecond };
    const load = measureRun(bench, gateway, traffic);
    load.catch(() => undefined);
    let isOver = false;
    const asking = askOnAndOn(gateway.operator, () => isOver);
    const busy = await watchDelays(watcher, gateway.port, busySeconds - 5);
    isOver = true;
    const [answers, { asked, slowestMs }] = [await load, await asking];
    return { rows, streams, direct, quiet, busy, asked, slowestMs, requests: answers.wholeAnswers, failures: answers.failures, reasons: answers.reasons, windowUs: answers.windowUs };
  } finally {
    await Promise.all([watcher.stop(), gateway.stop()]);
  }
};
