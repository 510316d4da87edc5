// One keep-alive connection of the load.
import { connect } from 'node:net';
import { AnswerReader } from './answer-reader.mjs';
import { wireBytes } from './workloads.mjs';

const reconnectMs = 20;

/** All connections read into it in turn: what arrives is looked at before the next read, and never kept. */
const sharedBytes = Buffer.allocUnsafe(64 * 1024);

/**
 * Sends its request whenever it is told to and tells the owner what became of it: `free(connection)` when it can send (again),
 * `answered({ status, bodyBytes, reads, us })`, `failed(reason)`.
 */
export class LoadConnection {
  #plan;
  #owner;
  #bytes;
  #socket;
  #reader;
  #timer;
  #startedAt = 0;
  #reads = 0;
  #bytesOnOldSockets = 0;
  #busy = false;
  #ended = false;

  /** `plan` is `{ port, request }`; `session` tells the connections apart. */
  constructor(plan, session, owner) {
    this.#plan = plan;
    this.#owner = owner;
    this.#bytes = wireBytes(plan.request, session);
    this.#open();
  }

  /** `startedAt` is when the request was due: a wait for a free connection counts as latency. */
  send(startedAt = performance.now()) {
    this.#startedAt = startedAt;
    this.#reads = 0;
    this.#busy = true;
    this.#socket.write(this.#bytes);
  }

  /** Body bytes of all its answers, the current one included. */
  get bodyBytes() {
    return this.#bytesOnOldSockets + this.#reader.bodyBytesInAll;
  }

  get isBusy() {
    return this.#busy;
  }

  /** True while an answer is arriving. */
  get isFlowing() {
    return this.#busy && this.#reads > 0;
  }

  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
  }

  #open() {
    this.#bytesOnOldSockets += this.#reader?.bodyBytesInAll ?? 0;
    this.#reader = new AnswerReader();
    this.#socket = connect({
      host: '127.0.0.1',
      port: this.#plan.port,
      noDelay: true,
      onread: { buffer: sharedBytes, callback: (count) => this.#read(sharedBytes.subarray(0, count)) },
    });
    this.#socket.on('connect', () => this.#owner.free(this));
    this.#socket.on('error', (error) => this.#fail(error.code ?? 'socket error'));
    this.#socket.on('close', () => this.#closed());
  }

  #read(bytes) {
    this.#reads++;
    try {
      if (this.#reader.push(bytes)) this.#answered();
    } catch (error) {
      this.#fail(error.message);
      this.#socket.destroy();
    }
    return true;
  }

  #answered() {
    const { status, bodyBytes, closes } = this.#reader;
    this.#busy = false;
    this.#owner.answered({ status, bodyBytes, reads: this.#reads, us: (performance.now() - this.#startedAt) * 1_000 });
    if (closes) this.#socket.destroy();
    else if (!this.#ended) this.#owner.free(this);
  }

  #fail(reason) {
    this.#busy = false;
    if (!this.#ended) this.#owner.failed(reason);
  }

  #closed() {
    if (this.#busy) this.#fail('closed before the answer was complete');
    if (!this.#ended) this.#timer = setTimeout(() => this.#open(), reconnectMs);
  }
}
