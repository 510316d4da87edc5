import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { MessageReader, valuesOf, type MessageHead } from './http1.js';
import type { Script } from './script.js';
import { until } from './until.js';

/** A request as it stood on the wire. */
export interface ReceivedRequest {
  /** 0, 1, … in order of arrival at this upstream. */
  readonly index: number;
  /** 1, 2, …: requests with the same number shared a socket. */
  readonly connection: number;
  readonly method: string;
  readonly target: string;
  readonly headerLines: readonly string[];
  readonly body: Buffer;
  readonly receivedAt: number;
  /** When the peer closed or reset the socket before the script had ended; `undefined` if it never did. */
  readonly hungUpAt: number | undefined;
  values(name: string): readonly string[];
}

interface RequestRecord extends ReceivedRequest {
  hungUpAt: number | undefined;
}

export interface FakeUpstream {
  readonly port: number;
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Sockets accepted so far. */
  readonly connections: number;
  /** Requests that arrived on a socket which the upstream had let go; they are not in `requests`. */
  readonly dropped: number;
  /** From now on the scripts answer in turn; the last one repeats. */
  answer(...scripts: readonly Script[]): void;
  /** Waits until `count` requests are in (at most 5 s) and returns the last of them. */
  received(count: number): Promise<ReceivedRequest>;
  /** Waits until the peer has hung up on the request (at most 5 s); milliseconds since the epoch. */
  hungUp(index: number): Promise<number>;
  close(): Promise<void>;
}

export type Answers = readonly Script[] | ((request: ReceivedRequest) => Script);

const requestOf = (head: MessageHead, body: Buffer, index: number, connection: number): RequestRecord => {
  const [method = '', target = ''] = head.startLine.split(' ');
  const values = (name: string): readonly string[] => valuesOf(head, name);
  const { headerLines } = head;
  return { index, connection, method, target, headerLines, body, receivedAt: Date.now(), hungUpAt: undefined, values };
};

const chooser = (answers: Answers): ((request: ReceivedRequest) => Script) => {
  if (typeof answers === 'function') return answers;
  let next = 0;
  return () => {
    const script = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (script === undefined) throw new Error('a fake upstream needs at least one script');
    return script;
  };
};

/** One accepted socket: requests are read one after the other and answered by the script chosen for each. */
class Conversation {
  private reader = new MessageReader('request');
  private running: RequestRecord | undefined;
  private dropNext = false;

  constructor(
    private readonly socket: Socket,
    private readonly number: number,
    private readonly upstream: Upstream,
  ) {
    socket.on('data', (bytes) => this.take(bytes));
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.noteHangUp();
      socket.end();
    });
    socket.on('close', () => this.noteHangUp());
  }

  private noteHangUp(): void {
    if (this.running !== undefined) this.running.hungUpAt ??= Date.now();
  }

  private take(bytes: Buffer): void {
    if (this.dropNext) {
      this.upstream.dropped += 1;
      this.socket.resetAndDestroy();
      return;
    }
    this.reader.push(bytes);
    const { head, isComplete, rest } = this.reader;
    if (head === undefined || !isComplete) return;
    // Joined once, when it is whole: a body of 20 MB comes in hundreds of pieces.
    const { body } = this.reader;
    this.reader = new MessageReader('request');
    const request = requestOf(head, body, this.upstream.requests.length, this.number);
    this.upstream.requests.push(request);
    void this.perform(request);
    if (rest.length > 0) this.take(rest);
  }

  private async perform(request: RequestRecord): Promise<void> {
    this.running = request;
    const script = this.upstream.choose(request);
    try {
      for (const step of script.steps) await step(this.socket);
    } catch {
      return; // The peer has gone; `hungUpAt` says when.
    }
    if (script.ending !== 'stall') this.running = undefined;
    if (script.ending === 'drop-next-request') this.dropNext = true;
    if (script.ending === 'close') this.socket.destroySoon();
    if (script.ending === 'half-close') this.socket.end();
    // What was written must have left before the reset, or the peer would never see it.
    if (script.ending === 'reset') setTimeout(() => this.socket.resetAndDestroy(), 20);
  }
}

class Upstream implements FakeUpstream {
  readonly requests: RequestRecord[] = [];
  connections = 0;
  dropped = 0;
  choose: (request: ReceivedRequest) => Script;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly scheme: 'http' | 'https',
    answers: Answers,
  ) {
    this.choose = chooser(answers);
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      new Conversation(socket, this.connections, this);
    });
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  answer(...scripts: readonly Script[]): void {
    this.choose = chooser(scripts);
  }

  async received(count: number): Promise<ReceivedRequest> {
    return until(`request ${count} at the upstream`, () => this.requests[count - 1]);
  }

  async hungUp(index: number): Promise<number> {
    return until(`the gateway hanging up on request ${index}`, () => this.requests[index]?.hungUpAt);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  return address.port;
};

const pem = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`tls/${name}`, import.meta.url)));

/** An upstream on a raw socket at 127.0.0.1 that does to each request what its script says. */
export const startUpstream = async (answers: Answers): Promise<FakeUpstream> => {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  return new Upstream(server, await listening(server), 'http', answers);
};

/** The same behind TLS, with a certificate that nobody should trust. */
export const startTlsUpstream = async (answers: Answers): Promise<FakeUpstream> => {
  const server = createTlsServer({ key: pem('key.pem'), cert: pem('cert.pem') });
  server.on('tlsClientError', () => undefined);
  return new Upstream(server, await listening(server), 'https', answers);
};

/** A port at which nobody listens: it was free a moment ago. */
export const closedPort = async (): Promise<number> => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A URL at which nobody listens. */
export const closedPortUrl = async (): Promise<string> => `http://127.0.0.1:${await closedPort()}`;
