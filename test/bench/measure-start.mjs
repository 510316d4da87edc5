// How long the gateway takes from being started to its first relayed answer, and what it holds when nothing happens.
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from './measure.mjs';
import { sendOnce } from './session.mjs';
import { launchGateway, startGateway } from './targets.mjs';
import { requests } from './workloads.mjs';

const answerWithinMs = 30_000;
const retryMs = 5;
/** After so long without a request, a process holds what it holds. */
const restSeconds = 10;

/** Asks again and again until the right answer comes; the port is known only once the gateway says it. */
const firstAnswerMs = async (gateway, startedAt) => {
  while (performance.now() - startedAt < answerWithinMs) {
    const response = await sendOnce(gateway.port, requests.json).catch(() => undefined);
    const isRight = response?.status === 200;
    await response?.arrayBuffer();
    if (isRight) return performance.now() - startedAt;
    await wait(retryMs);
  }
  throw new Error(`the gateway gave no right answer within ${answerWithinMs} ms`);
};

const startOnce = async (place) => {
  const startedAt = performance.now();
  const gateway = await launchGateway(place);
  const answerMs = await firstAnswerMs(gateway, startedAt);
  await wait(restSeconds * 1_000);
  const { residentBytes } = await gateway.usage();
  await gateway.stop();
  return { answerMs, residentBytes };
};

/** A gateway with its channel in the database is started `runs` times, each time as after an upgrade or a reboot. */
export const measureStart = async (bench, place, { runs }) => {
  const configured = await startGateway({ ...place, upstreamPort: bench.upstream.port });
  await configured.stop();
  const starts = [];
  for (let round = 1; round <= runs; round++) {
    starts.push(await startOnce(place));
    bench.progress(`start ${round}/${runs}: ${starts.at(-1).answerMs.toFixed(0)} ms`);
  }
  rmSync(place.folder, { recursive: true, force: true });
  const answers = starts.map(({ answerMs }) => answerMs);
  return {
    answerMs: median(answers),
    answerMsMax: Math.max(...answers),
    residentBytes: median(starts.map(({ residentBytes }) => residentBytes)),
    restSeconds,
    runs,
  };
};
