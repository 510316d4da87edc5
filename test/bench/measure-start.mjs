// How long the gateway takes from being started to its first relayed answer, and what it holds when nothing happens; once as
// it ships (image, npm package, single file and `npm start` run the same few files) and once from the files it is built of.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from './measure.mjs';
import { sendOnce } from './session.mjs';
import { launchGateway, startGateway } from './targets.mjs';
import { requests } from './workloads.mjs';

const bundler = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
const answerWithinMs = 30_000;
const retryMs = 5;
/** V8 gives back what loading has left behind once it sees that nothing happens: 9 to 50 s after the start. */
const restSeconds = [10, 60];

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
  const restedFrom = performance.now();
  const residentBytes = [];
  for (const seconds of restSeconds) {
    await wait(seconds * 1_000 - (performance.now() - restedFrom));
    residentBytes.push((await gateway.usage()).residentBytes);
  }
  await gateway.stop();
  return { answerMs, residentBytes };
};

const summaryOf = (label, starts) => {
  const answers = starts.map(({ answerMs }) => answerMs);
  return {
    label,
    answerMs: median(answers),
    answerMsMax: Math.max(...answers),
    residentBytes: restSeconds.map((_, index) => median(starts.map(({ residentBytes }) => residentBytes[index]))),
  };
};

/** A gateway with its channel in the database is started `runs` times in each form, as after an upgrade or a reboot. */
export const measureStart = async (bench, place, { runs }) => {
  const shipped = join(place.folder, 'program');
  await promisify(execFile)(process.execPath, [bundler, '--to', shipped]);
  const configured = await startGateway({ ...place, upstreamPort: bench.upstream.port });
  await configured.stop();
  const forms = { 'as it ships': { ...place, entry: join(shipped, 'app/main.js') }, 'not bundled': place };
  const rows = [];
  for (const [label, form] of Object.entries(forms)) {
    const starts = [];
    for (let round = 1; round <= runs; round++) {
      starts.push(await startOnce(form));
      bench.progress(`start ${label} ${round}/${runs}: ${starts.at(-1).answerMs.toFixed(0)} ms`);
    }
    rows.push(summaryOf(label, starts));
  }
  rmSync(place.folder, { recursive: true, force: true });
  return { rows, restSeconds, runs };
};
