import type { Dialect } from '../../src/domain/dialect.js';
import type { Usage } from '../../src/domain/usage.js';
import { anthropic } from './dialect-anthropic.js';
import { openai } from './dialect-openai.js';
import { responses } from './dialect-responses.js';
import { json, sse, type Script } from './script.js';

/** What one dialect looks like on the wire, streaming or not. `marker` is woven into every piece of text of an answer. */
export interface Language {
  readonly dialect: Dialect;
  readonly path: string;
  /** The request's body without `model` and `stream`. */
  readonly question: Readonly<Record<string, unknown>>;
  /** A normal streamed answer, one string per event, blank line included. */
  readonly events: (marker: string) => readonly string[];
  /** How many of `events` come before the first meaningful one. */
  readonly announcements: number;
  /** How many of `events`, counted from the end, say that the answer is over. */
  readonly endings: number;
  /** A normal answer that is not streamed. */
  readonly body: (marker: string) => string;
  /** An answer the model's provider filtered: streamed and not. */
  readonly filteredEvents: readonly string[];
  readonly filteredBody: string;
  readonly usage: Usage;
  /** The error object of an error with this type, as a body. */
  readonly errorBody: (type: string, message: string) => string;
  /** The same as an event of a stream. */
  readonly errorEvent: (type: string, message: string) => string;
  /** Bytes that only a stream which came to its proper end may hold. */
  readonly endMarks: readonly string[];
  /** The types this dialect uses for the faults that arrive inside a 200, with the status they stand for. */
  readonly disguises: readonly (readonly [type: string, status: number])[];
}

/** One of the six combinations of dialect and streaming. */
export interface Row extends Language {
  readonly title: string;
  readonly streaming: boolean;
  readonly request: (model: string) => string;
  /** The upstream's normal answer as a script. */
  readonly answers: (marker: string) => Script;
  /** The bytes of that answer's body. */
  readonly answerText: (marker: string) => string;
}

export const languages: readonly Language[] = [anthropic, responses, openai];

const rowOf = (language: Language, streaming: boolean): Row => ({
  ...language,
  title: `${language.dialect}, ${streaming ? 'streaming' : 'not streaming'}`,
  streaming,
  request: (model) => JSON.stringify({ model, ...language.question, stream: streaming }),
  answers: (marker) => (streaming ? sse(language.events(marker)) : json(200, language.body(marker))),
  answerText: (marker) => (streaming ? language.events(marker).join('') : language.body(marker)),
});

export const streamingRows: readonly Row[] = languages.map((language) => rowOf(language, true));
export const wholeRows: readonly Row[] = languages.map((language) => rowOf(language, false));
export const rows: readonly Row[] = [...streamingRows, ...wholeRows];

const byDialect: Readonly<Record<Dialect, Language>> = { anthropic, responses, openai };

/** One combination, for tests in which the dialect does not matter. */
export const rowFor = (dialect: Dialect, streaming: boolean): Row => rowOf(byDialect[dialect], streaming);

/** True when a body claims that the answer came to its proper end. */
export const claimsEnd = (row: Language, text: string): boolean => row.endMarks.some((mark) => text.includes(mark));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Why `text` is not an error of the gateway in the shape of the dialect; `undefined` when it is. */
export const shapeProblem = (dialect: Dialect, text: string): string | undefined => {
  const body = parsed(text);
  if (!isObject(body) || !isObject(body['error'])) return `expected an object with "error", got ${text}`;
  const { type, message } = body['error'];
  if (typeof message !== 'string' || message === '') return `expected error.message, got ${text}`;
  if (typeof type !== 'string') return `expected error.type, got ${text}`;
  if (dialect === 'anthropic') {
    if (body['type'] !== 'error') return `expected "type":"error", got ${text}`;
    return typeof body['request_id'] === 'string' ? undefined : `expected request_id, got ${text}`;
  }
  return 'code' in body['error'] && 'param' in body['error'] ? undefined : `expected error.code and error.param, got ${text}`;
};

/** Why `tail` is not exactly one error event of the dialect, the way the gateway ends a broken stream. */
export const errorTailProblem = (dialect: Dialect, tail: string): string | undefined => {
  const events = tail.split('\n\n').filter((event) => event.trim() !== '' && !event.startsWith(':'));
  if (events.length !== 1) return `expected one error event, got ${JSON.stringify(tail)}`;
  if (!tail.endsWith('\n\n')) return `expected the error event to be complete, got ${JSON.stringify(tail)}`;
  const lines = (events[0] ?? '').split('\n').filter((line) => line !== '');
  const name = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length);
  const data = parsed(lines.find((line) => line.startsWith('data: '))?.slice('data: '.length) ?? '');
  if (!isObject(data)) return `expected a JSON object as data, got ${JSON.stringify(tail)}`;
  switch (dialect) {
    case 'anthropic':
      return name === 'error' && data['type'] === 'error' && isObject(data['error']) && data['error']['type'] === 'api_error'
        ? undefined
        : `expected an api_error event, got ${JSON.stringify(tail)}`;
    case 'responses':
      return (name === 'error' || name === 'response.failed') && data['type'] === name
        ? undefined
        : `expected error or response.failed, got ${JSON.stringify(tail)}`;
    case 'openai':
      return name === undefined && isObject(data['error']) ? undefined : `expected data with an error, got ${JSON.stringify(tail)}`;
  }
};
