// Says when the next request is due, at random moments of a given mean rate, as independent clients come. Timers of the event
// loop have whole milliseconds and would send bursts, which wait for each other; this thread sleeps by the microsecond.
import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from './workloads.mjs';

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const random = seededRandom(5);
let dueAt = performance.now();

for (;;) {
  dueAt += (-Math.log(1 - random()) * 1_000) / workerData.rate;
  const ms = dueAt - performance.now();
  if (ms > 0) Atomics.wait(sleeper, 0, 0, ms);
  parentPort.postMessage(undefined);
}
