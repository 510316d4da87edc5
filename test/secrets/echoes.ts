import { gzipSync } from 'node:zlib';
import type { Row } from '../support/dialects.js';
import { chunkedHead, garbage, head, html, json, openSse, reply, silence, sse, type Script } from '../support/script.js';
import { keyText, type Planted } from './planted.js';

/** How an upstream behaves that repeats whatever it was told. */
export interface Echo {
  readonly title: string;
  readonly script: (row: Row, planted: Planted) => Script;
  /** The client gets the upstream's own bytes, whatever they say: that is what a relay is for. */
  readonly isRelayed: boolean;
}

const sentence = ({ key, prompt, answer }: Planted): string => `key ${keyText(key)} said "${prompt.core}", got '${answer.core}'`;

/** The error of a careless upstream: its words, its type and its code repeat the key. */
const careless = (row: Row, planted: Planted, type = keyText(planted.key)): string => {
  const body: { error: object } = JSON.parse(row.errorBody(type, sentence(planted)));
  return JSON.stringify({ ...body, error: { ...body.error, code: keyText(planted.key), param: planted.prompt.core } });
};

const withoutHeader = (title: string, written: (text: string) => string): Echo => ({
  title: `refuses with the key ${title}`,
  script: (row, planted) => reply(401, [['content-type', 'application/json']], written(careless(row, planted))),
  isRelayed: false,
});

/** The key as it stands in a text, in other words. */
const keyAs = (how: (key: string) => string, planted: Planted): string => `{"error":{"message":"the key ${how(keyText(planted.key))} is wrong"}}`;

const headersOf = ({ key, answer }: Planted) => [['x-debug', `${keyText(key)} ${answer.core}`]] as const;

const refusal = (status: number, isRelayed = false): Echo => ({
  title: `refuses with ${status} and repeats the key`,
  script: (row, planted) => json(status, careless(row, planted), headersOf(planted)),
  isRelayed,
});

const statuses = [400, 401, 402, 403, 404, 408, 413, 429, 500, 529];

const keyForms: readonly (readonly [title: string, how: (key: string) => string])[] = [
  ['in base64', (key) => Buffer.from(`Bearer ${key}`).toString('base64')],
  ['as in a URL', encodeURIComponent],
  ['letter by letter', (key) => key.replace(/./g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)],
  ['without its last character', (key) => JSON.stringify(key.slice(0, -1)).slice(1, -1)],
];

const refusals: readonly Echo[] = [
  ...statuses.map((status) => refusal(status)),
  {
    title: 'refuses with the key in a header only',
    script: (row, planted) => json(401, row.errorBody('authentication_error', planted.prompt.core), headersOf(planted)),
    isRelayed: false,
  },
  {
    title: 'refuses with a compressed body that repeats the key',
    script: (row, planted) => reply(400, [['content-type', 'application/json'], ['content-encoding', 'gzip']], gzipSync(careless(row, planted))),
    isRelayed: false,
  },
  withoutHeader('and escapes slashes', (text) => text.replaceAll('/', '\\/')),
  withoutHeader('inside a string of JSON', (text) => JSON.stringify({ error: { message: text } })),
  ...keyForms.map(([title, how]): Echo => ({
    title: `refuses with the key ${title}`,
    script: (_row, planted) => json(400, keyAs(how, planted)),
    isRelayed: false,
  })),
  {
    title: 'refuses with more than anybody reads, compressed',
    script: (_row, planted) => reply(400, [['content-encoding', 'gzip']], gzipSync(`${' '.repeat(400 * 1024)}${sentence(planted)}`)),
    isRelayed: false,
  },
  {
    title: 'refuses in a coding that nobody reads',
    script: (_row, planted) => reply(400, [['content-encoding', 'gzip, gzip']], gzipSync(gzipSync(sentence(planted)))),
    isRelayed: false,
  },
  {
    title: 'refuses with the key as plain text',
    script: (_row, planted) => reply(403, [['content-type', 'text/plain']], sentence(planted)),
    isRelayed: false,
  },
  {
    title: 'refuses with the prompt',
    script: (row, { prompt }) => json(400, row.errorBody('invalid_request_error', prompt.core)),
    isRelayed: true,
  },
];

const disguises: readonly Echo[] = [
  { title: 'hides an error with the key inside 200', script: (row, planted) => json(200, careless(row, planted)), isRelayed: false },
  {
    title: 'hides a wrong request with the key inside 200',
    script: (row, planted) => json(200, careless(row, planted, 'invalid_request_error')),
    isRelayed: true,
  },
  {
    title: 'begins a stream with an error that repeats the key',
    script: (row, planted) => sse([`event: error\ndata: ${careless(row, planted)}\n\n`]),
    isRelayed: false,
  },
  {
    title: 'repeats the key in the middle of a stream',
    script: (row, planted) => sse([...row.events(planted.answer.core).slice(0, 4), `event: error\ndata: ${careless(row, planted)}\n\n`]),
    isRelayed: true,
  },
];

const oddities: readonly Echo[] = [
  {
    title: 'redirects to a place that repeats the key',
    script: (_row, planted) => reply(302, [['location', `https://host-of-upstream.example/?key=${keyText(planted.key)}`]], sentence(planted)),
    isRelayed: false,
  },
  { title: 'answers with a page', script: (_row, planted) => html(200, `<html>${sentence(planted)}</html>`), isRelayed: false },
  { title: 'answers with what is no JSON', script: (_row, planted) => json(200, sentence(planted)), isRelayed: false },
  { title: 'answers with what is no HTTP', script: (_row, planted) => garbage(`HTTP/1.1 2x0 ${sentence(planted)}\r\n\r\n`), isRelayed: false },
  {
    title: 'has the key in a broken header',
    script: (_row, planted) => garbage(`HTTP/1.1 200 ${keyText(planted.key)}\r\n${sentence(planted)}\r\n\r\n`),
    isRelayed: false,
  },
  { title: 'says nothing', script: () => silence(), isRelayed: false },
  { title: 'hangs up', script: () => silence().close(), isRelayed: false },
  {
    title: 'falls silent in the middle',
    script: (row, { answer }) => openSse(row.events(answer.core).slice(0, 4)).stall(),
    isRelayed: true,
  },
  {
    title: 'breaks off in the middle',
    script: (row, { answer }) => openSse(row.events(answer.core).slice(0, 4)).reset(),
    isRelayed: true,
  },
  {
    title: 'breaks off in the middle of a body',
    script: (row, { answer }) =>
      chunkedHead(200, [['content-type', 'application/json']]).chunk(row.body(answer.core).slice(0, -20)).reset(),
    isRelayed: true,
  },
  {
    title: 'promises more than it sends',
    script: (row, { answer }) => head(200, [['content-type', 'application/json'], ['content-length', '9000']]).raw(row.body(answer.core)).close(),
    isRelayed: true,
  },
];

const well: Echo = {
  title: 'answers well',
  script: (row, { answer }) => row.answers(answer.core),
  isRelayed: true,
};

/** Everything that can become of a call, with the secrets in it. */
export const echoes: readonly Echo[] = [well, ...refusals, ...disguises, ...oddities];
