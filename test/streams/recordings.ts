import { readFileSync } from 'node:fs';
import type { Dialect } from '../../src/domain/dialect.js';
import type { Usage } from '../../src/domain/usage.js';

/** One of the streams of this folder, and what is true of it. */
export interface Recording {
  readonly file: string;
  readonly dialect: Dialect;
  readonly path: string;
  readonly events: number;
  /** Bytes that stand only in the first event worth committing to. */
  readonly commitsAt: string;
  /** Bytes of the event that ends the stream. */
  readonly endsWith: string;
  readonly usage: Usage;
}

const messages = { dialect: 'anthropic', path: '/v1/messages' } as const;
const responses = { dialect: 'responses', path: '/v1/responses' } as const;
const chat = { dialect: 'openai', path: '/v1/chat/completions' } as const;

const usage = (inputTokens: number, outputTokens: number, cacheReadTokens = 0, cacheCreationTokens = 0): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheCreationTokens,
});

/** Two per dialect; README.md says what each holds. */
export const recordings: readonly Recording[] = [
  { ...messages, file: 'anthropic-thinking-text', events: 14, commitsAt: 'event: content_block_start', endsWith: 'event: message_stop', usage: usage(25, 42, 11, 7) },
  { ...messages, file: 'anthropic-tool-use', events: 14, commitsAt: 'event: content_block_start', endsWith: 'event: message_stop', usage: usage(472, 89, 3) },
  { ...responses, file: 'responses-text', events: 13, commitsAt: 'event: response.output_item.added', endsWith: 'event: response.completed', usage: usage(25, 87, 11) },
  { ...responses, file: 'responses-function-call', events: 9, commitsAt: 'event: response.output_item.added', endsWith: 'event: response.completed', usage: usage(36, 21) },
  { ...chat, file: 'chat-text', events: 8, commitsAt: 'Grüße', endsWith: 'data: [DONE]', usage: usage(25, 15, 11) },
  { ...chat, file: 'chat-tool-calls-crlf', events: 9, commitsAt: 'Think', endsWith: 'data: [DONE]', usage: usage(70, 20) },
];

export const bytesOf = ({ file }: Recording): Buffer => readFileSync(new URL(`${file}.sse`, import.meta.url));
