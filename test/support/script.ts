import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Gate } from './gate.js';

/** One thing done to the socket. Rejects when the client has gone meanwhile, which ends the script quietly. */
type Step = (socket: Socket) => Promise<void>;

/**
 * How a script leaves the connection: ready for the next request; closed by FIN; reset; half-closed; open without another
 * byte; or ready, but dropped the moment the next request arrives on it (a keep-alive socket the upstream has let go).
 */
export type Ending = 'keep-alive' | 'close' | 'reset' | 'half-close' | 'stall' | 'drop-next-request';

/** What a fake upstream does with one request. Immutable; every method returns a longer or a differently ending script. */
export class Script {
  constructor(
    readonly steps: readonly Step[],
    readonly ending: Ending,
  ) {}

  private ends(ending: Ending): Script {
    return new Script(this.steps, ending);
  }

  /** RST after what was sent so far has left. */
  readonly reset = (): Script => this.ends('reset');
  readonly close = (): Script => this.ends('close');
  /** FIN in one direction only; the socket stays readable. */
  readonly halfClose = (): Script => this.ends('half-close');
  readonly stall = (): Script => this.ends('stall');
  readonly dropNextRequest = (): Script => this.ends('drop-next-request');
  /** Raw bytes after what was sent so far, outside of any framing. */
  readonly raw = (bytes: string | Buffer): Script => new Script([...this.steps, write(Buffer.from(bytes))], this.ending);
  /** One chunk of a chunked body. */
  readonly chunk = (bytes: string | Buffer): Script => this.raw(framed(Buffer.from(bytes)));
  readonly wait = (ms: number): Script => new Script([...this.steps, () => sleep(ms)], this.ending);
  /** Goes on once the promise is fulfilled: for tests that decide when the second chunk leaves. */
  readonly after = (gate: Promise<unknown>): Script =>
    new Script([...this.steps, () => gate.then(() => undefined)], this.ending);
  /** Goes on as the other script does, and ends like it. */
  readonly followedBy = (next: Script): Script => new Script([...this.steps, ...next.steps], next.ending);
  /** Ends a chunked body properly. */
  readonly lastChunk = (): Script => this.raw('0\r\n\r\n');
}

const write =
  (bytes: Buffer): Step =>
  (socket) =>
    new Promise((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });

const framed = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

export type HeaderLines = readonly (readonly [name: string, value: string])[];

const reasons: Readonly<Record<number, string>> = { 200: 'OK', 400: 'Bad Request', 401: 'Unauthorized', 429: 'Too Many Requests' };

/** Status line and headers, exactly as given; nothing is added. */
export const head = (status: number, headers: HeaderLines): Script => {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return silence().raw(`HTTP/1.1 ${status} ${reasons[status] ?? 'Status'}\r\n${lines}\r\n`);
};

/** Reads the request and says nothing at all. */
export const silence = (): Script => new Script([], 'stall');

/** Bytes that need not be HTTP; then the connection is closed. */
export const garbage = (bytes: string | Buffer): Script => silence().raw(bytes).close();

/** A complete answer with its true Content-Length. */
export const reply = (status: number, headers: HeaderLines, body: string | Buffer = ''): Script => {
  const { steps } = head(status, [...headers, ['content-length', String(Buffer.byteLength(body))]]).raw(body);
  return new Script(steps, 'keep-alive');
};

export const json = (status: number, value: unknown, headers: HeaderLines = []): Script =>
  reply(status, [['content-type', 'application/json'], ...headers], typeof value === 'string' ? value : JSON.stringify(value));

export const html = (status: number, body = '<!DOCTYPE html><html><body>Just a moment…</body></html>'): Script =>
  reply(status, [['content-type', 'text/html; charset=utf-8']], body);

/** A body that promises `promised` bytes and brings what it brings. */
export const wrongLength = (headers: HeaderLines, body: string | Buffer, promised: number): Script =>
  head(200, [...headers, ['content-length', String(promised)]]).raw(body).close();

export const chunkedHead = (status: number, headers: HeaderLines): Script =>
  head(status, [...headers, ['transfer-encoding', 'chunked']]);

const eventStream: HeaderLines = [
  ['content-type', 'text/event-stream; charset=utf-8'],
  ['cache-control', 'no-cache'],
];

/** The head of an event stream and the events that follow, one chunk each; left open for more. */
export const openSse = (events: readonly string[], { gapMs = 0 }: { readonly gapMs?: number } = {}): Script =>
  events.reduce(
    (script, event) => (gapMs > 0 ? script.wait(gapMs).chunk(event) : script.chunk(event)),
    chunkedHead(200, eventStream),
  );

/** A whole event stream, properly ended. Followed by `.reset()`, `.close()` or `.stall()` it ends thus after its last byte. */
export const sse = (events: readonly string[], options: { readonly gapMs?: number } = {}): Script =>
  new Script(openSse(events, options).lastChunk().steps, 'keep-alive');

/** A whole event stream that sends so many events, and the rest once the gate is open. */
export const gatedSse = (events: readonly string[], count: number, gate: Gate): Script =>
  events.slice(count).reduce((script, event) => script.chunk(event), openSse(events.slice(0, count)).after(gate.opened)).lastChunk();

/** The same bytes one by one, `gapMs` apart: nothing may depend on chunks. */
export const drip = (bytes: string, gapMs: number): Script =>
  [...Buffer.from(bytes)].reduce((script, byte) => script.wait(gapMs).chunk(Buffer.from([byte])), chunkedHead(200, eventStream));

/** Body bytes without end until `totalBytes` have left, as fast as the reader takes them; counts into `sent`. */
export const flood = (totalBytes: number, sent: { bytes: number }): Script => {
  const block = Buffer.alloc(64 * 1024, 'x');
  const pour: Step = async (socket) => {
    while (sent.bytes < totalBytes) {
      await write(block)(socket);
      sent.bytes += block.length;
    }
  };
  const opening = head(200, [['content-type', 'application/octet-stream'], ['content-length', String(totalBytes)]]);
  return new Script([...opening.steps, pour], 'keep-alive');
};

export type ContentCoding = 'gzip' | 'br' | 'zstd';

/** A zstd frame of raw blocks (RFC 8878 §3.1): valid input for every decoder, and writable without a compressor. */
const zstdFrame = (content: Buffer): Buffer => {
  const blockBytesMax = 128 * 1024;
  const frameHead = Buffer.alloc(9);
  frameHead.writeUInt32LE(0xfd2fb528, 0);
  frameHead.writeUInt8(0xa0, 4);
  frameHead.writeUInt32LE(content.length, 5);
  const parts: Buffer[] = [frameHead];
  for (let at = 0; at < content.length; at += blockBytesMax) {
    const block = content.subarray(at, at + blockBytesMax);
    const isLast = at + blockBytesMax >= content.length ? 1 : 0;
    const blockHead = Buffer.alloc(3);
    blockHead.writeUIntLE((block.length << 3) | isLast, 0, 3);
    parts.push(blockHead, block);
  }
  return Buffer.concat(parts);
};

export const encode = (coding: ContentCoding, content: string): Buffer => {
  const bytes = Buffer.from(content);
  switch (coding) {
    case 'gzip':
      return gzipSync(bytes);
    case 'br':
      return brotliCompressSync(bytes);
    case 'zstd':
      return zstdFrame(bytes);
  }
};
