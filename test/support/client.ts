import { connect, type Socket } from 'node:net';
import { MessageReader, valuesOf, type MessageHead } from './http1.js';
import { until } from './until.js';

export interface Ask {
  readonly method?: string;
  readonly path: string;
  /** Header lines in addition to Host and Content-Length, sent in this order. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
}

/** What came back, and how it came. */
export interface Answer {
  /** 0 when no response head arrived. */
  readonly status: number;
  /** Status line as it came. */
  readonly startLine: string;
  readonly headerLines: readonly string[];
  readonly header: (name: string) => string | undefined;
  readonly values: (name: string) => readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** True when the framing of the message says that nothing is missing. */
  readonly isComplete: boolean;
  /** From the request being written to the last byte, or the end of the connection. */
  readonly tookMs: number;
}

/** One request on its own connection, watched byte by byte. */
export interface Exchange {
  /** Resolves when the message is complete or the connection has ended, however it ended; rejects after `waitMs`. */
  readonly answer: Promise<Answer>;
  /** What has arrived so far. */
  readonly received: () => Answer;
  /** Waits until the body holds `text` (at most 5 s). */
  holds(text: string): Promise<void>;
  /** Waits for the response head (at most 5 s). */
  begun(): Promise<void>;
  write(bytes: string | Buffer): void;
  /** Stops and resumes reading: the kernel's buffers fill, then the sender's. */
  pause(): void;
  resume(): void;
  /** Closes the connection at once. */
  leave(): void;
}

const emptyHead: MessageHead = { startLine: '', headerLines: [] };
const waitMsDefault = 15_000;

const answerOf = (reader: MessageReader, tookMs: number): Answer => {
  const head = reader.head ?? emptyHead;
  const { body, isComplete } = reader;
  const values = (name: string): readonly string[] => valuesOf(head, name);
  const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(head.startLine)?.[1] ?? 0);
  return {
    status,
    startLine: head.startLine,
    headerLines: head.headerLines,
    header: (name) => values(name)[0],
    values,
    body,
    text: body.toString(),
    isComplete: isComplete && status > 0,
    tookMs,
  };
};

/** Fulfilled when the message is complete or the socket has closed. */
const settled = (socket: Socket, reader: MessageReader, waitMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the answer was not over after ${waitMs} ms`)), waitMs);
    socket.on('data', (bytes) => {
      if (!reader.isComplete) reader.push(bytes);
      if (reader.isComplete) resolve();
    });
    socket.on('end', () => reader.end());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.once('close', () => clearTimeout(timer));
  });

/** Opens a connection to 127.0.0.1 and writes `bytes`, which need not be HTTP. */
export const openRaw = (
  port: number,
  bytes: string | Buffer,
  { method = 'POST', waitMs = waitMsDefault }: { readonly method?: string; readonly waitMs?: number } = {},
): Exchange => {
  const reader = new MessageReader(method === 'HEAD' ? 'response-to-head' : 'response');
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const startedAt = Date.now();
  const received = (): Answer => answerOf(reader, Date.now() - startedAt);
  socket.write(bytes);
  const answer = settled(socket, reader, waitMs).then(() => {
    const whole = received();
    socket.destroy();
    return whole;
  });
  answer.catch(() => socket.destroy());
  return {
    answer,
    received,
    holds: async (text) => {
      await until(`"${text}" in the body`, () => (received().text.includes(text) ? true : undefined));
    },
    begun: async () => {
      await until('the head of the answer', () => (reader.head === undefined ? undefined : true));
    },
    write: (more) => void socket.write(more),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    leave: () => void socket.destroy(),
  };
};

/** The bytes of a request, as a client would write them. */
export const requestBytes = (port: number, { method = 'POST', path, headers = [], body }: Ask): Buffer => {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')]);
};

/** Sends one request on a connection of its own. */
export const open = (port: number, ask: Ask, waitMs = waitMsDefault): Exchange =>
  openRaw(port, requestBytes(port, ask), { method: ask.method ?? 'POST', waitMs });

/** Sends one request and waits for the end of its answer, however it ends. */
export const send = (port: number, ask: Ask): Promise<Answer> => open(port, ask).answer;
