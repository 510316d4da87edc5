import type { ServerResponse } from 'node:http';

/** What an attempt that is connected to the client wants to hear from it. */
export interface DownstreamListener {
  /** The client took what had piled up; it is ready for more. */
  clientDrained(): void;
  /** The client closed its connection before the answer ended. */
  clientLeft(): void;
}

/**
 * The client's side of a relayed answer. It outlives the attempts: each listens while it is the current one, and at most
 * one of them ever commits.
 */
export class Downstream {
  readonly #response: ServerResponse;
  #listener: DownstreamListener | undefined;
  #left = false;
  #bytes = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => this.#listener?.clientDrained());
    response.on('close', () => {
      if (response.writableFinished) return;
      this.#left = true;
      this.#listener?.clientLeft();
    });
    // A write after the client has gone reports here; `close` has told us already.
    response.on('error', () => undefined);
  }

  /** The client has gone before its answer was complete. */
  get hasLeft(): boolean {
    return this.#left;
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

  /** Sends status and headers as they are; from here on there is no failover. */
  commit(status: number, statusMessage: string, headers: string[]): void {
    this.#response.writeHead(status, statusMessage, headers);
  }

  /** False: the client is slower than the upstream, which must wait for `clientDrained`. */
  write(chunk: Buffer | string): boolean {
    this.#bytes += chunk.length;
    return this.#response.write(chunk);
  }

  /** Ends the answer properly. */
  end(): void {
    this.#response.end();
  }

  /** Ends it so that nobody can take it for complete. */
  breakOff(): void {
    // To an HTTP/1.0 client the end of the connection is the end of the body; only a reset says that it is not.
    if (this.#response.req.httpVersion === '1.0') this.#response.socket?.resetAndDestroy();
    this.#response.destroy();
  }
}
