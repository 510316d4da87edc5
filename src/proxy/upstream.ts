import { lookup } from 'node:dns';
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { addressTurnMs } from '../domain/address-turn.js';
import { LinkedList, type Linked } from '../domain/linked-list.js';
import { guarded, guardedLookup, type LookUp } from './guarded-connect.js';
import type { Outbox, Sender } from './outbox.js';

/** Idle keep-alive connections kept per origin; more are closed as they come free. */
export const idleConnectionsPerOriginMax = 256;
/** How long an unused connection is kept when the upstream names no time of its own. */
const keepAliveMs = 30_000;
const keepAliveMsMax = 10 * 60_000;
/** Shorter sleeps of the machine go unnoticed: no router forgets a connection so soon. */
const sleepMsMin = 5_000;

/** How far the time of day is ahead of the clock that stands still while the machine sleeps, as Linux's does. */
const wallClockAhead = (): number => Date.now() - performance.now();

/**
 * One connection to an upstream, lent to one attempt at a time.
 *
 * undici's Pool would choose the connection itself and not tell which. Failover needs to know: a reset on a connection
 * that had served before and has not answered a byte of this request means only that the upstream had let go of it, so
 * the same channel deserves a fresh one (RFC 9112 §9.3.1); a reset on a fresh one is the channel's failure.
 */
class Connection implements Sender, Linked<Connection> {
  before: Connection | undefined;
  after: Connection | undefined;
  readonly client: Client;
  socket: Socket | undefined;
  #corked: Socket | undefined;
  /** Whose answer waits for its client. */
  #paused: Dispatcher.DispatchController | undefined;
  #hasEnded = false;
  #aheadAtRest = 0;

  constructor(origin: string, connect: buildConnector.connector, onLost: (connection: Connection) => void) {
    this.client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMsMax,
      // The attempt watches the clock itself: it knows events from comments, which a byte timer does not.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        connect(options, (...result) => {
          if (result[0] === null) this.#use(result[1]);
          callback(...result);
        });
      },
    });
    this.client.on('disconnect', () => {
      this.socket = undefined;
      onLost(this);
    });
  }

  /**
   * Two things undici 7 gets wrong about an answer without a length, which ends with its connection. It asserts that nothing is
   * paused then, and throws from the socket's listener, so that nobody ever hears of the end (nodejs/undici#5360). And it
   * takes a reset for an end, although bytes may be missing. Our listeners come first: an end goes on with the little that is
   * left, and a reset has a name that undici passes on as it is.
   */
  #use(socket: Socket): void {
    this.socket = socket;
    socket.on('end', () => {
      this.#hasEnded = true;
      this.resume();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
    });
  }

  pause(controller: Dispatcher.DispatchController): void {
    if (this.#hasEnded) return;
    this.#paused = controller;
    controller.pause();
  }

  resume(): void {
    const paused = this.#paused;
    this.#paused = undefined;
    paused?.resume();
  }

  get isOpen(): boolean {
    return this.socket !== undefined && !this.socket.destroyed;
  }

  /** An upstream may answer before it has read the whole request; the next one would have to wait behind the rest of it. */
  get isAllSent(): boolean {
    return this.socket?.writableLength === 0;
  }

  rest(): void {
    this.#aheadAtRest = wallClockAhead();
  }

  /**
   * Timers stand still in a laptop that is closed. Meanwhile the upstream has closed the connection, or a router on the way has
   * forgotten it, and nobody was there to hear of it: a request on it could wait for an answer until its time is up.
   */
  get hasSlept(): boolean {
    return wallClockAhead() - this.#aheadAtRest > sleepMsMin;
  }

  /** Asks; on a connection that is open the request leaves with what others send, at the end of the turn. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler, outbox: Outbox): void {
    if (this.socket !== undefined && this.#corked === undefined) {
      this.#corked = this.socket;
      this.#corked.cork();
      outbox.add(this);
    }
    this.client.dispatch(options, handler);
  }

  send(): void {
    this.#corked?.uncork();
    this.#corked = undefined;
  }
}

/** A connection lent out for one request. Exactly one of `giveBack` and `discard` ends the loan. */
export class Lease {
  readonly #pool: OriginPool;
  readonly #connection: Connection;
  /** The socket this request found open, and what it had received by then. */
  readonly #socketBefore: Socket | undefined;
  readonly #bytesReadBefore: number;
  #ended = false;

  constructor(pool: OriginPool, connection: Connection) {
    this.#pool = pool;
    this.#connection = connection;
    this.#socketBefore = connection.socket;
    this.#bytesReadBefore = connection.socket?.bytesRead ?? 0;
  }

  /** True when the connection had served before and has not answered a byte of this request. */
  get isReusedAndSilent(): boolean {
    return this.#socketBefore !== undefined && this.#socketBefore.bytesRead === this.#bytesReadBefore;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#connection.dispatch(options, handler, this.#pool.outbox);
  }

  /** Stops reading the answer, until `resume` or the end of the connection. */
  pause(controller: Dispatcher.DispatchController): void {
    if (!this.#ended) this.#connection.pause(controller);
  }

  resume(): void {
    if (!this.#ended) this.#connection.resume();
  }

  /** The exchange is over and the connection in order. */
  giveBack(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pool.takeBack(this.#connection);
  }

  /** Tears the connection down, whatever it is doing; the way to abort an exchange. */
  discard(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pool.drop(this.#connection);
  }
}

class OriginPool {
  readonly outbox: Outbox;
  readonly #origin: string;
  readonly #connect: buildConnector.connector;
  /** Last in, first out: a busy hour's surplus connections grow old at the bottom and close themselves. */
  readonly #idle: Connection[] = [];
  readonly #lent = new LinkedList<Connection>();
  #lentCount = 0;

  constructor(origin: string, connect: buildConnector.connector, outbox: Outbox) {
    this.#origin = origin;
    this.#connect = connect;
    this.outbox = outbox;
  }

  get isUnused(): boolean {
    return this.#idle.length === 0 && this.#lentCount === 0;
  }

  get openConnections(): number {
    return this.#idle.length + this.#lentCount;
  }

  lend(fresh: boolean): Lease {
    const idle = fresh ? undefined : this.#popOpen();
    const connection = idle ?? new Connection(this.#origin, this.#connect, this.#forget);
    this.#lent.append(connection);
    this.#lentCount += 1;
    return new Lease(this, connection);
  }

  /** A connection whose socket has died is told so only on the next turn of the event loop; it is not lent any more. */
  #popOpen(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isOpen && !connection.hasSlept) return connection;
      void connection.client.destroy();
    }
    return undefined;
  }

  takeBack(connection: Connection): void {
    // TLS says only in the next turn that it has sent the last bytes, which a near upstream may have answered by then.
    if (connection.isAllSent) this.#keep(connection);
    else setImmediate(() => this.#keep(connection));
  }

  #keep(connection: Connection): void {
    this.#endLoan(connection);
    if (connection.isOpen && connection.isAllSent && this.#idle.length < idleConnectionsPerOriginMax) {
      connection.rest();
      this.#idle.push(connection);
    } else void connection.client.destroy();
  }

  drop(connection: Connection): void {
    this.#endLoan(connection);
    void connection.client.destroy();
  }

  #endLoan(connection: Connection): void {
    this.#lent.remove(connection);
    this.#lentCount -= 1;
  }

  /** Those that are lent come back by themselves: their exchange has failed. */
  close(): void {
    for (const connection of [...this.#idle, ...this.#lent]) void connection.client.destroy();
    this.#idle.length = 0;
  }

  /** An idle connection that the other side closed is of no use to anyone. */
  readonly #forget = (connection: Connection): void => {
    const index = this.#idle.indexOf(connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    void connection.client.destroy();
  };
}

export interface UpstreamTerms {
  readonly allowLinkLocal?: boolean;
  /** Who finds the addresses of a name, where link-local ones are not allowed. */
  readonly lookUp?: LookUp;
}

/** HTTP/1.1 keep-alive connections to all upstreams. TLS is always verified. */
export class Upstreams {
  readonly #pools = new Map<string, OriginPool>();
  readonly #outbox: Outbox;
  readonly #connect: buildConnector.connector;

  /** Unless told otherwise, no connection is made to link-local or cloud metadata addresses. */
  constructor(connectTimeoutMs: number, outbox: Outbox, { allowLinkLocal = false, lookUp = lookup }: UpstreamTerms = {}) {
    this.#outbox = outbox;
    // One connector for all origins, so that TLS sessions are resumed across their connections. Verification is demanded
    // in so many words, because Node lets NODE_TLS_REJECT_UNAUTHORIZED switch its default off.
    const turns = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressTurnMs(connectTimeoutMs) };
    const options = { ...turns, timeout: connectTimeoutMs, allowH2: false, rejectUnauthorized: true };
    this.#connect = allowLinkLocal ? buildConnector(options) : guarded(buildConnector({ ...options, lookup: guardedLookup(lookUp) }));
  }

  /** A connection to the origin; `fresh` demands one that was never used. */
  lend(origin: string, fresh: boolean): Lease {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      this.#forgetUnused();
      pool = new OriginPool(origin, this.#connect, this.#outbox);
      this.#pools.set(origin, pool);
    }
    return pool.lend(fresh);
  }

  get openConnections(): number {
    let open = 0;
    for (const pool of this.#pools.values()) open += pool.openConnections;
    return open;
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  /** Channels come and go; an origin that is new is the moment to let go of those nobody uses. */
  #forgetUnused(): void {
    for (const [origin, pool] of this.#pools) if (pool.isUnused) this.#pools.delete(origin);
  }
}
