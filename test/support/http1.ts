/** What came before the body, exactly as it stood on the wire. */
export interface MessageHead {
  readonly startLine: string;
  /** Header lines in order, with their case, spaces and duplicates. */
  readonly headerLines: readonly string[];
}

/** All values of one header, in order; the name is matched without regard to case. */
export const valuesOf = (head: MessageHead, name: string): readonly string[] =>
  head.headerLines
    .filter((line) => line.slice(0, line.indexOf(':')).trim().toLowerCase() === name.toLowerCase())
    .map((line) => line.slice(line.indexOf(':') + 1).trim());

type Framing = 'none' | 'length' | 'chunked' | 'until-close';

const framingOf = (head: MessageHead, role: MessageRole): Framing => {
  if (role === 'response-to-head' || /^HTTP\/1\.1 (1\d\d|204|304)/.test(head.startLine)) return 'none';
  if (valuesOf(head, 'transfer-encoding').some((value) => value.toLowerCase().endsWith('chunked'))) return 'chunked';
  if (valuesOf(head, 'content-length').length > 0) return 'length';
  return role === 'request' ? 'none' : 'until-close';
};

export type MessageRole = 'request' | 'response' | 'response-to-head';

const blankLine = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');

/**
 * Reads one HTTP/1.1 message from bytes in any chunking. Written for tests: it notices whether the message was whole,
 * which the clients of the platform hide behind an exception.
 */
export class MessageReader {
  head: MessageHead | undefined;
  isComplete = false;
  /** Bytes that came after the end of the message: the next one on the connection. */
  rest: Buffer = Buffer.alloc(0);
  private framing: Framing = 'none';
  private pending: Buffer = Buffer.alloc(0);
  private bytesLeft = 0;
  private chunkState: 'size' | 'bytes' | 'after-bytes' | 'trailer' = 'size';
  private readonly parts: Buffer[] = [];

  constructor(private readonly role: MessageRole) {}

  /** The body so far, without the chunked framing. */
  get body(): Buffer {
    return Buffer.concat(this.parts);
  }

  push(bytes: Buffer): void {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    if (this.head === undefined && !this.readHead()) return;
    if (this.framing === 'chunked') this.readChunks();
    else if (this.framing === 'until-close') this.take(this.pending.length);
    else this.readLength();
    if (this.isComplete) {
      this.rest = this.pending;
      this.pending = Buffer.alloc(0);
    }
  }

  /** The peer ended the connection cleanly: the only proper end of a body without a length. */
  end(): void {
    if (this.head !== undefined && this.framing === 'until-close') this.isComplete = true;
  }

  private readHead(): boolean {
    const end = this.pending.indexOf(blankLine);
    if (end < 0) return false;
    const [startLine = '', ...headerLines] = this.pending.subarray(0, end).toString('latin1').split('\r\n');
    this.head = { startLine, headerLines };
    this.pending = this.pending.subarray(end + blankLine.length);
    this.framing = framingOf(this.head, this.role);
    this.bytesLeft = Number(valuesOf(this.head, 'content-length')[0] ?? 0);
    return true;
  }

  private take(count: number): number {
    const taken = Math.min(count, this.pending.length);
    if (taken > 0) this.parts.push(this.pending.subarray(0, taken));
    this.pending = this.pending.subarray(taken);
    return taken;
  }

  private readLength(): void {
    if (this.framing === 'length') this.bytesLeft -= this.take(this.bytesLeft);
    this.isComplete = this.framing === 'none' || this.bytesLeft === 0;
  }

  private takeLine(): string | undefined {
    const end = this.pending.indexOf(lineEnd);
    if (end < 0) return undefined;
    const line = this.pending.subarray(0, end).toString('latin1');
    this.pending = this.pending.subarray(end + lineEnd.length);
    return line;
  }

  private readChunks(): void {
    while (!this.isComplete) {
      if (this.chunkState === 'bytes') {
        this.bytesLeft -= this.take(this.bytesLeft);
        if (this.bytesLeft > 0) return;
        this.chunkState = 'after-bytes';
      }
      const line = this.takeLine();
      if (line === undefined) return;
      this.readChunkLine(line);
    }
  }

  private readChunkLine(line: string): void {
    if (this.chunkState === 'trailer') {
      this.isComplete = line === '';
    } else if (this.chunkState === 'after-bytes') {
      this.chunkState = 'size';
    } else {
      this.bytesLeft = Number.parseInt(line, 16);
      this.chunkState = this.bytesLeft === 0 ? 'trailer' : 'bytes';
    }
  }
}
