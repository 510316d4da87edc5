import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Outbox, Sender } from './outbox.js';

/** What an attempt that is connected to the client wants to hear from it. */
export interface DownstreamListener {
  /** The client took what had piled up; it is ready for more. */
  clientDrained(): void;
  /** The client closed its connection before the answer ended. */
  clientLeft(): void;
  /** The gateway shuts down and waits no longer. */
  cutOff(): void;
}

/**
 * The client's side of a relayed answer. It outlives the attempts: each listens while it is the current one, and at most
 * one of them ever commits. Its bytes leave with those of others, at the end of the turn.
 */
export class Downstream implements Sender {
  readonly #response: ServerResponse;
  readonly #outbox: Outbox;
  /** The socket, while bytes for it are held back. */
  #corked: Socket | undefined;
  #ended = false;
  #listener: DownstreamListener | undefined;
  #left = false;
  #isCutOff = false;
  #bytes = 0;

  constructor(response: ServerResponse, outbox: Outbox) {
    this.#response = response;
    this.#outbox = outbox;
    response.on('drain', () => this.#listener?.clientDrained());
    response.on('close', this.#onClose);
    if (response.socket === null) this.#watchConnection(response.req.socket);
    // A write after the client has gone reports here; `close` has told us already.
    response.on('error', () => undefined);
  }

  /** The client has gone before its answer was complete. */
  get hasLeft(): boolean {
    return this.#left;
  }

  /** The gateway shuts down: whatever has not ended by now must. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Body bytes relayed so far, whether they have reached the client's socket or wait for it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that were relayed still wait for the client to take them. */
  get isBehind(): boolean {
    return this.#response.writableLength > 0;
  }

  listen(listener: DownstreamListener | undefined): void {
    this.#listener = listener;
  }

  /** Ends the call now: by whoever listens, or, while its body is still coming, with its connection. */
  cutOff(): void {
    this.#isCutOff = true;
    if (this.#listener === undefined) this.#response.req.destroy();
    else this.#listener.cutOff();
  }

  /** Sends status and headers as they are; from here on there is no failover. */
  commit(status: number, statusMessage: string, headers: string[]): void {
    this.#response.writeHead(status, statusMessage, headers);
  }

  /** False: the client is slower than the upstream, which must wait for `clientDrained`. */
  write(chunk: Buffer | string): boolean {
    this.#bytes += chunk.length;
    this.#holdBack();
    return this.#response.write(chunk);
  }

  /** Ends the answer properly. */
  end(): void {
    this.#ended = true;
    // Ending a response sends everything, so that has to wait too.
    if (!this.#holdBack()) this.#response.end();
  }

  /** Ends it so that nobody can take it for complete. */
  breakOff(): void {
    this.send();
    // To an HTTP/1.0 client the end of the connection is the end of the body; only a reset says that it is not.
    if (this.#response.req.httpVersion === '1.0') this.#response.socket?.resetAndDestroy();
    this.#response.destroy();
  }

  /** What has been held back goes out. */
  send(): void {
    const socket = this.#corked;
    if (socket === undefined) return;
    this.#corked = undefined;
    if (this.#ended) this.#response.end();
    socket.uncork();
  }

  readonly #onClose = (): void => {
    if (this.#left || this.#response.writableFinished) return;
    this.#left = true;
    this.#listener?.clientLeft();
  };

  /** Node tells an answer that waits behind an earlier one nothing of the connection's end. As many may wait as there are calls. */
  #watchConnection(socket: Socket): void {
    socket.setMaxListeners(0).on('close', this.#onClose);
    this.#response.on('close', () => socket.off('close', this.#onClose));
  }

  /** False: the answer has no socket yet, because the client still reads the one to an earlier request. */
  #holdBack(): boolean {
    if (this.#corked !== undefined) return true;
    const { socket } = this.#response;
    if (socket === null) return false;
    this.#corked = socket;
    socket.cork();
    this.#outbox.add(this);
    return true;
  }
}
