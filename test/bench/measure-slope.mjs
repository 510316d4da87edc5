// Does memory grow with time? W1 at a moderate rate and W3 together, and the resident size every few seconds.
import { setTimeout as wait } from 'node:timers/promises';
import { measureRun } from './measure.mjs';
import { workloads } from './workloads.mjs';

/** Heaps and caches fill up first; that is no growth. */
const settleMinutes = 2;
const sampleEveryMs = 5_000;
const requestsPerSecond = 500;

/** Least squares through (minutes, bytes): bytes per minute. */
export const slopeOf = (samples) => {
  const mean = (read) => samples.reduce((sum, sample) => sum + read(sample), 0) / samples.length;
  const [minutes, bytes] = [mean((sample) => sample.minute), mean((sample) => sample.bytes)];
  const rise = samples.reduce((sum, sample) => sum + (sample.minute - minutes) * (sample.bytes - bytes), 0);
  return rise / samples.reduce((sum, sample) => sum + (sample.minute - minutes) ** 2, 0);
};

export const measureSlope = async (bench, [gateway], { slopeMinutes }) => {
  const seconds = slopeMinutes * 60;
  const { W1, W3 } = workloads;
  const startedAt = performance.now();
  const minute = () => (performance.now() - startedAt) / 60_000;
  const runs = Promise.all([
    measureRun(bench, gateway, { request: W1.request, connections: W1.connections, seconds, rate: requestsPerSecond }),
    measureRun({ ...bench, load: bench.otherLoad }, gateway, { request: W3.request, connections: W3.connections, staggerSeconds: W3.staggerSeconds, seconds }),
  ]);
  let isOver = false;
  runs.catch(() => undefined).finally(() => (isOver = true));
  const samples = [];
  while (!isOver) {
    samples.push({ minute: minute(), bytes: (await gateway.usage()).residentBytes });
    if (samples.length % 12 === 0) bench.progress(`slope: minute ${minute().toFixed(0)} of ${slopeMinutes}`);
    await Promise.race([wait(sampleEveryMs), runs.catch(() => undefined)]);
  }
  const [json, streams] = await runs;
  const settled = samples.filter((sample) => sample.minute >= Math.min(settleMinutes, slopeMinutes / 3) && sample.minute < slopeMinutes);
  return {
    minutes: slopeMinutes,
    bytesPerMinute: slopeOf(settled),
    first: settled[0].bytes,
    last: settled.at(-1).bytes,
    most: Math.max(...samples.map(({ bytes }) => bytes)),
    answers: json.wholeAnswers,
    streams: streams.wholeAnswers,
    failures: json.failures + streams.failures,
    samples,
  };
};
