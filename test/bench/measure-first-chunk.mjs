// How soon the first chunk of an answer is with the client, through a proxy that has nothing else to do.
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';
import { answerMs, otherCore, start } from './processes.mjs';

const delaysScript = fileURLToPath(new URL('./stream-delays.mjs', import.meta.url));
const answers = 300;

const firstsOf = async (watcher, port) => {
  const told = watcher.told('firsts', answerMs);
  watcher.tell({ kind: 'firsts', port, answers });
  return (await told).result;
};

/** One after the other, in turn, so that a disturbance hits all of them; the first round only warms up. */
export const measureFirstChunk = async (bench, targets, { runs }) => {
  const watcher = start({ name: 'stream delays', core: otherCore, command: process.execPath, args: [delaysScript], ipc: true });
  const contenders = [{ label: 'direct', target: bench.upstream }, ...targets.map((target) => ({ label: target.name, target }))];
  const results = new Map(contenders.map(({ label }) => [label, []]));
  try {
    for (let round = 0; round <= runs; round++) {
      for (const { label, target } of contenders) {
        const result = await firstsOf(watcher, target.port);
        if (round > 0) results.get(label).push(result);
      }
      bench.progress(`first chunk ${round}/${runs}`);
    }
  } finally {
    await watcher.stop();
  }
  const of = (label, read) => median(results.get(label).map(read));
  const rows = contenders.map(({ label }) => ({
    label,
    p50Us: of(label, ({ p50Us }) => p50Us),
    p99Us: of(label, ({ p99Us }) => p99Us),
    largestUs: Math.max(...results.get(label).map(({ largestUs }) => largestUs)),
  }));
  return { answers: answers * runs, rows };
};
