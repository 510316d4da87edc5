import { Agent, request } from 'node:http';

export const clientToken = 'soak-token';
const paths = ['/v1/messages', '/v1/responses', '/v1/chat/completions'];
const callMsMax = 20_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** One HTTP exchange; resolves with status and body, 0 when it broke. `leaveAfter`: hang up after so many bytes. */
const exchange = (agent, port, { method = 'POST', path, headers = {}, body, leaveAfter = Infinity }) =>
  new Promise((resolve) => {
    let bytes = 0;
    const chunks = [];
    const call = request({ agent, host: '127.0.0.1', port, method, path, headers, timeout: callMsMax });
    const done = (status) => resolve({ status, text: Buffer.concat(chunks).toString(), headers: call.res?.headers ?? {} });
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', (error) => done(error.message === 'no answer in time' ? -1 : 0));
    call.on('response', (response) => {
      call.res = response;
      response.on('data', (chunk) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes >= leaveAfter) call.destroy();
      });
      response.on('end', () => done(response.statusCode));
      response.on('close', () => done(0));
      response.on('error', () => done(0));
    });
    call.end(body);
  });

/** Client lanes: every dialect, streamed and not, one call in ten abandoned in its middle. */
const callLane = async (agent, port, tally, isOver) => {
  while (!isOver()) {
    const stream = Math.random() < 0.6;
    const leaveAfter = Math.random() < 0.1 ? 1 + Math.floor(Math.random() * 600) : Infinity;
    const headers = { authorization: `Bearer ${clientToken}`, 'content-type': 'application/json', 'x-claude-code-session-id': `s${Math.floor(Math.random() * 500)}` };
    const body = JSON.stringify({ model: 'soak', stream, messages: [{ role: 'user', content: 'x'.repeat(Math.floor(Math.random() * 4_000)) }] });
    const { status } = await exchange(agent, port, { path: pick(paths), headers, body, leaveAfter });
    tally[status] = (tally[status] ?? 0) + 1;
    await pause(2);
  }
};

export const login = async (port, password) => {
  const agent = new Agent({ keepAlive: false });
  const { status, headers } = await exchange(agent, port, { path: '/login', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ password }) });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0];
  if (status !== 200 || cookie === undefined) throw new Error(`the login answered ${status}`);
  return async (method, path, value) => {
    const answer = await exchange(agent, port, { method, path, headers: { cookie, 'content-type': 'application/json' }, body: value === undefined ? undefined : JSON.stringify(value) });
    if (answer.status >= 300 || answer.status <= 0) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.status === 204 ? undefined : JSON.parse(answer.text).data;
  };
};

let channelsMade = 0;

/** Adds, changes, cools, frees and deletes channels, and reads what a dashboard reads. */
const operatorLane = async ({ admin, upstreams, channels }, tally, isOver) => {
  while (!isOver()) {
    channelsMade += 1;
    const draft = { name: `edited-${channelsMade}`, api_key: 'sk-soak-edited', url: pick(upstreams), models: ['soak', `model-${channelsMade % 50}`], priority: 1 };
    const { id } = await admin('POST', '/admin/channels', draft);
    await pause(100);
    await admin('PUT', `/admin/channels/${id}`, { enabled: false });
    for (const channel of channels) await admin('DELETE', `/admin/channels/${channel}/cooldown`);
    await admin('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 1_000 });
    for (const path of ['/admin/channels', '/admin/logs?limit=50', '/admin/stats', '/admin/metrics?hours=1', '/admin/health']) await admin('GET', path);
    await admin('DELETE', `/admin/channels/${id}`);
    tally.edits = (tally.edits ?? 0) + 6;
    await pause(100);
  }
};

/** Starts everything; `stop` resolves when the last call has ended and every connection of ours is closed. */
export const startTraffic = (gateway, lanes, tally) => {
  let over = false;
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const isOver = () => over;
  const running = [...Array.from({ length: lanes }, () => callLane(agent, gateway.port, tally, isOver)), operatorLane(gateway, tally, isOver)];
  const ended = Promise.all(running);
  // Told by `stop`; until then nobody waits for it.
  ended.catch(() => undefined);
  return {
    stop: async () => {
      over = true;
      await ended;
      agent.destroy();
    },
  };
};
