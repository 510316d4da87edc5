import { gzipSync } from 'node:zlib';
import { awkwardText, type Canary } from '../support/canaries.js';
import { open, openRaw, send, type Ask } from '../support/client.js';
import { rows, type Row } from '../support/dialects.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import type { Gateway } from '../support/gateway.js';
import { silence } from '../support/script.js';
import { echoes } from './echoes.js';
import { keyText, type Planted } from './planted.js';
import { askedFor, wholeText } from './whole-text.js';

/** What clients were told: by an upstream, or by the gateway in its own words. */
export interface Told {
  readonly own: string[];
  readonly relayed: string[];
  /** What was asked for: `POST /v1/messages`. */
  readonly asked: string[];
}

/** What the log repeats because its contract says so: a client that puts a secret there has it told. */
export interface ToldByContract {
  readonly path: Canary;
  readonly model: Canary;
}

type Header = readonly [name: string, value: string];

/** Every place in which a client may have something to hide. */
const headersOf = ({ token, session, header, forgedCookie }: Planted): readonly Header[] => [
  ['authorization', `Bearer ${awkwardText(token)}`],
  ['x-claude-code-session-id', session.core],
  ['session_id', session.core],
  ['cookie', `ccload_session=s%3A${forgedCookie.core}.x`],
  ['user-agent', header.core],
  ['api-key', header.core],
  ['x-forwarded-for', header.core],
  ['content-type', 'application/json'],
];

const bodyOf = (row: Row, model: string, { prompt, session }: Planted): string =>
  JSON.stringify({
    ...JSON.parse(row.request(model)),
    system: prompt.core,
    metadata: { user_id: session.core },
    prompt_cache_key: session.core,
    messages: [{ role: 'user', content: `"${prompt.core}"` }],
  });

const askOf = (row: Row, model: string, planted: Planted): Ask => ({
  path: `${row.path}?key=${planted.query.core}`,
  headers: headersOf(planted),
  body: bodyOf(row, model, planted),
});

const addChannel = async (gateway: Gateway, url: string, planted: Planted): Promise<string> => {
  const model = gateway.newModel();
  await gateway.admin.addChannel({ url, models: [model], api_key: keyText(planted.key) });
  return model;
};

/** Each dialect, streaming and not, meets each echo; all at once, because some wait for a clock. */
const callsThatMeetEchoes = async (gateway: Gateway, planted: Planted, told: Told): Promise<void> => {
  const calls: (() => Promise<void>)[] = [];
  for (const row of rows) {
    for (const echo of echoes) {
      const upstream = await gateway.upstream(echo.script(row, planted));
      const model = await addChannel(gateway, upstream.url, planted);
      told.asked.push(`POST ${row.path}`);
      calls.push(async () => {
        const answer = await send(gateway.port, askOf(row, model, planted));
        (echo.isRelayed ? told.relayed : told.own).push(`${row.title}, upstream ${echo.title}\n${wholeText(answer)}`);
      });
    }
  }
  await Promise.all(calls.map((call) => call()));
};

const callsToNobody = async (gateway: Gateway, planted: Planted, told: Told): Promise<void> => {
  const tls = await gateway.tlsUpstream(silence());
  for (const url of [await closedPortUrl(), 'http://host-of-upstream.invalid', tls.url]) {
    for (const row of rows) {
      const model = await addChannel(gateway, url, planted);
      // The second call finds everybody cooling, or probes.
      for (let calls = 0; calls < 2; calls += 1) told.own.push(wholeText(await send(gateway.port, askOf(row, model, planted))));
    }
  }
};

/** The client goes while the answer is under way. */
const callsThatAreLeft = async (gateway: Gateway, planted: Planted): Promise<void> => {
  for (const row of rows) {
    const upstream = await gateway.upstream(silence());
    const model = await addChannel(gateway, upstream.url, planted);
    const exchange = open(gateway.port, askOf(row, model, planted));
    await upstream.received(1);
    exchange.leave();
    await exchange.answer;
  }
};

/** Requests that the gateway refuses by itself, each with a secret close to what is wrong with it. */
const wrongAsks = (planted: Planted, model: string): readonly Ask[] => {
  const { prompt, wrongToken, token, query } = planted;
  const headers = headersOf(planted);
  const post = (body: string | Buffer, more: readonly Header[] = []): Ask => ({ path: `/v1/messages?key=${query.core}`, headers: [...headers, ...more], body });
  return [
    post(`{"model":"${model}","system":"${prompt.core}`),
    post(`{"model":"${model}","system":${prompt.core}}`),
    post(`{"model":"${model}"} ${prompt.core}`),
    post(prompt.core),
    post(`["${prompt.core}"]`),
    post(`{"model":{"${prompt.core}":1}}`),
    post(`{"model":"${prompt.core.repeat(20)}"}`),
    post(`{"model":"\\x${prompt.core}"}`),
    post(`{"prompt":"${prompt.core}"}`),
    post(prompt.core, [['content-encoding', 'gzip']]),
    post(gzipSync(prompt.core), [['content-encoding', 'gzip']]),
    post(prompt.core, [['content-encoding', planted.header.core]]),
    { ...post(`{"model":"${model}"}`), path: `/v1/messages/count_tokens?key=${query.core}` },
    { ...post(prompt.core), method: 'PUT' },
    { ...post(prompt.core), method: 'GET' },
    { ...post(prompt.core), path: `/v1/../?key=${query.core}` },
    { path: `/v1/responses?key=${query.core}`, method: 'GET', headers: [...headers, ['connection', 'upgrade'], ['upgrade', 'websocket']] },
    { path: `/v1/models?key=${query.core}`, method: 'GET', headers },
    { path: `/v1/responses?key=${query.core}`, headers: [['authorization', `Bearer ${wrongToken.core}`]], body: prompt.core },
    { path: `/v1/messages`, headers: [['x-api-key', wrongToken.core]], body: prompt.core },
    { path: `/v1/chat/completions`, headers: [['authorization', `Basic ${awkwardText(token)}`]], body: prompt.core },
  ];
};

const rawRequests = ({ token, prompt, query }: Planted): readonly string[] => [
  `POST /v1/messages?key=${query.core} HTTP/1.1\r\nAuthorization: Bearer ${awkwardText(token)}\r\nbad header ${prompt.core}\r\n\r\n`,
  `POST /v1/messages HTTP/9.9 ${awkwardText(token)}\r\n\r\n`,
  `${prompt.core}\r\n\r\n`,
  `POST /v1/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${awkwardText(token)}\r\nContent-Length: 99999999999\r\n\r\n${prompt.core}`,
  `POST /v1/messages HTTP/1.1\r\nHost: a\r\nx: ${token.core.repeat(2_000)}\r\n\r\n`,
  `POST /v1/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${awkwardText(token)}\r\nTransfer-Encoding: chunked\r\n\r\n${prompt.core}\r\n`,
];

const callsThatAreRefused = async (gateway: Gateway, planted: Planted, told: Told): Promise<void> => {
  const model = gateway.newModel();
  for (const ask of wrongAsks(planted, model)) {
    told.asked.push(askedFor(ask));
    told.own.push(wholeText(await send(gateway.port, ask)));
  }
  for (const bytes of rawRequests(planted)) told.own.push(wholeText(await openRaw(gateway.port, bytes).answer));
};

const askThatIsTold = (planted: Planted, { path, model }: ToldByContract): Ask => ({
  path: `/v1/${path.core}?key=${planted.query.core}`,
  headers: headersOf(planted),
  body: JSON.stringify({ model: model.core }),
});

/** Every way in which a model call can go, as clients of the gateway see it. */
export const makeModelCalls = async (gateway: Gateway, planted: Planted, shown: ToldByContract): Promise<Told> => {
  const told: Told = { own: [], relayed: [], asked: [] };
  await callsThatMeetEchoes(gateway, planted, told);
  await callsToNobody(gateway, planted, told);
  await callsThatAreLeft(gateway, planted);
  await callsThatAreRefused(gateway, planted, told);
  const ask = askThatIsTold(planted, shown);
  told.asked.push(askedFor(ask));
  await send(gateway.port, ask);
  return told;
};
