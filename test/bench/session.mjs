// The processes that belong to one measurement: upstream, load and targets, started together and ended together.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { otherCore, start, startScript } from './processes.mjs';
import { startGateway, startGatewayBefore, startNginx, startObvious, startRelay } from './targets.mjs';
import { jsonAnswer, requests, streamAnswer, token } from './workloads.mjs';

const probeMs = 10_000;
const loadScript = fileURLToPath(new URL('./load.mjs', import.meta.url));
const starters = { relay: startRelay, gateway: startGateway, before: startGatewayBefore, nginx: startNginx, express: startObvious };

/** One request of the benchmark's, by way of the built-in client. */
export const sendOnce = (port, { target, body }) =>
  fetch(`http://127.0.0.1:${port}${target}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });

/** Not every target tells when it listens. */
const firstAnswer = async (port, request) => {
  const deadline = performance.now() + probeMs;
  for (;;) {
    try {
      return await sendOnce(port, request);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await wait(50);
    }
  }
};

/** Whether the right bytes come back: a fast wrong answer is worth nothing. */
const probe = async ({ name, port }) => {
  const expected = { json: jsonAnswer, agent: jsonAnswer, agentModelLast: jsonAnswer, stream: Buffer.concat(streamAnswer) };
  for (const [request, bytes] of Object.entries(expected)) {
    const response = await firstAnswer(port, requests[request]);
    const answer = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200 || !answer.equals(bytes)) {
      const what = `${answer.length} bytes instead of the upstream's ${bytes.length}`;
      throw new Error(`${name} answered "${request}" with status ${response.status} and ${what}`);
    }
  }
};

/** Runs `measure(bench, targets)` with fresh processes. `setting` is `{ folder, targets, before, catalog, env, profileFolder, progress }`. */
export const withProcesses = async ({ folder, targets: names, before, catalog, env, profileFolder, progress }, measure) => {
  const all = [];
  const add = (each) => {
    all.push(each);
    return each;
  };
  try {
    const upstream = add(await startScript({ name: 'upstream', core: otherCore, script: 'upstream.mjs' }));
    const startLoad = () => add(start({ name: 'load', core: otherCore, command: process.execPath, args: [loadScript], ipc: true }));
    const [load, otherLoad] = [startLoad(), startLoad()];
    const targets = [];
    for (const name of names) {
      const options = { folder: join(folder, name), upstreamPort: upstream.port, before, catalog, env, profileFolder };
      targets.push(add(await starters[name](options)));
    }
    for (const each of [load, otherLoad]) each.tell({ kind: 'guard', pids: targets.map(({ pid }) => pid) });
    for (const target of targets) await probe(target);
    return await measure({ upstream, load, otherLoad, progress }, targets);
  } finally {
    await Promise.all(all.map((each) => each.stop()));
  }
};
