// Memory of a proxy while many slow streams are open, above the same process loaded but idle, and after they have ended.
import { setTimeout as wait } from 'node:timers/promises';
import { measureRun, median } from './measure.mjs';
import { workloads } from './workloads.mjs';

const restMs = 3_000;
const sampleEveryMs = 250;
const idleSamples = 8;

const residentBytes = async (target) => (await target.usage()).residentBytes;

const samples = async (target, count) => {
  const taken = [];
  for (let left = count; left > 0; left--) {
    taken.push(await residentBytes(target));
    await wait(sampleEveryMs);
  }
  return taken;
};

const ask = (load, message, kind) => {
  const answer = load.told(kind);
  load.tell(message);
  return answer;
};

/** A process that has served before has compiled its code and grown its heap: that is not the streams' memory. */
const makeItWarm = async (bench, target, seconds) => {
  for (const { request, connections, staggerSeconds } of [workloads.W1, workloads.W3]) {
    await measureRun(bench, target, { request, connections, staggerSeconds, seconds });
  }
  await wait(restMs);
};

const measureTarget = async (bench, target, { streams, seconds, warmupSeconds, settleSeconds }) => {
  await makeItWarm(bench, target, warmupSeconds);
  const idle = median(await samples(target, idleSamples));
  bench.progress(`streams ${target.name}: opening ${streams}`);
  const { result: opened } = await ask(bench.load, { kind: 'hold', port: target.port, streams }, 'held');
  const open = await samples(target, Math.ceil((seconds * 1_000) / sampleEveryMs));
  const { result } = await ask(bench.load, { kind: 'release' }, 'released');
  bench.progress(`streams ${target.name}: closed, waiting ${settleSeconds} s`);
  await wait(settleSeconds * 1_000);
  const after = median(await samples(target, idleSamples));
  const most = Math.max(...open);
  return { label: target.name, asked: opened.streams, ...result, idle, open: median(open), most, after };
};

/** One target after the other: the machine's memory is shared, its use by a process is not. */
export const measureStreams = async (bench, targets, options) => {
  const rows = [];
  for (const target of targets) rows.push(await measureTarget(bench, target, options));
  return { streams: options.streams, settleSeconds: options.settleSeconds, rows };
};
