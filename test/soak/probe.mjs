// Loaded into the gateway by `--import`, and by nothing else: answers over the channel to its parent what the process holds.
import { setFlagsFromString } from 'node:v8';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const countsOf = (names) => {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const listenersOf = (emitter) => Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]));

const measure = () => {
  // Twice: what the first run finalises, the second frees.
  collectGarbage();
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external, resources: countsOf(process.getActiveResourcesInfo()), listeners: listenersOf(process) };
};

/** Long enough for every thread to have answered; the gateway has three. */
const answersWithinMs = 2_000;
const channel = new BroadcastChannel('soak');
channel.unref();

// The database threads load it too: asked over the channel, they say what their own heaps hold.
const answerFromThread = () => {
  channel.onmessage = ({ data }) => {
    if (data !== 'measure') return;
    const { heapUsed } = measure();
    channel.postMessage({ threadId, heapUsed });
  };
};

const answerFromMain = () => {
  process.on('message', () => {
    const threadHeaps = {};
    channel.onmessage = ({ data }) => (threadHeaps[data.threadId] = data.heapUsed);
    channel.postMessage('measure');
    setTimeout(() => process.send({ ...measure(), threadHeaps }), answersWithinMs);
  });
};

if (!isMainThread) answerFromThread();
else if (process.send !== undefined) answerFromMain();
