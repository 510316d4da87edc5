import type { Dispatcher } from 'undici';
import { createAnswerReader } from '../domain/answer-reader.js';
import { nextAfter } from '../domain/failure.js';
import type { Outcome } from '../domain/outcome.js';
import type { AttemptConnection, AttemptRequest, AttemptResult } from './attempt-terms.js';
import type { DownstreamListener } from './downstream.js';
import { clientResponseHeaders } from './headers.js';
import { HeldBytes, heldBytesMax, refusalBytesMax, type HeldAnswer } from './held-answer.js';
import { Inspection } from './inspection.js';
import { Relay, type Source } from './relay.js';
import { ResponseHead } from './response-head.js';
import { isProtocolError, unreachableCause } from './transport-errors.js';

/** How long the body of a refusal may take; what counts stands in its status, and other channels are waiting. */
const refusalBodyMs = 5_000;

const noHead = new ResponseHead(0, '', null);

/**
 * Where an attempt stands.
 *
 * - `connecting`: no request byte is out;
 * - `waiting`: for the response headers;
 * - `refusing`: the status is no 2xx; its body is gathered to be understood;
 * - `inspecting`: a 2xx is held back until it proves to be an answer;
 * - `relaying`: committed; `Relay` has taken over;
 * - `settled`: over; whatever still arrives is ignored.
 */
type Phase = 'connecting' | 'waiting' | 'refusing' | 'inspecting' | 'relaying' | 'settled';

/**
 * One try of one request at one channel: undici's callbacks on one side, the client on the other. Up to the commit it
 * decides alone; then a `Relay` carries the bytes. It settles exactly once, with what happened.
 */
export class Attempt implements Dispatcher.DispatchHandler, DownstreamListener {
  readonly #request: AttemptRequest;
  readonly #connection: AttemptConnection;
  readonly #resolve: (result: AttemptResult) => void;

  #phase: Phase = 'connecting';
  #controller: Dispatcher.DispatchController | undefined;
  #head = noHead;
  #inspection: Inspection | undefined;
  #relay: Relay | undefined;
  readonly #held = new HeldBytes();
  /** The upstream's message is complete, though its last bytes may still wait to be decoded. */
  #upstreamEnded = false;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #firstByteAt: number | undefined;

  private constructor(request: AttemptRequest, connection: AttemptConnection, resolve: (result: AttemptResult) => void) {
    this.#request = request;
    this.#connection = connection;
    this.#resolve = resolve;
  }

  /** Sends the request and resolves when its story is over; never rejects. */
  static run(request: AttemptRequest, connection: AttemptConnection): Promise<AttemptResult> {
    return new Promise((resolve) => new Attempt(request, connection, resolve).#begin());
  }

  #begin(): void {
    const { lease, downstream, limits } = this.#connection;
    downstream.listen(this);
    if (downstream.isCutOff) return this.cutOff();
    if (downstream.hasLeft) return this.clientLeft();
    const { target, headers, body } = this.#request;
    lease.dispatch({ path: target, method: 'POST', headers, body }, this);
    // An open connection takes the request at once; a new one is given its time, to the millisecond, which undici's
    // own coarse timer would not keep.
    if (this.#isIn('connecting')) this.#arm(limits.connectMs);
  }

  // ── what the upstream does ──────────────────────────────────────────────────────────────────────────────────────

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#phase !== 'connecting') return;
    this.#phase = 'waiting';
    this.#sentAt = performance.now();
    const { firstEventMs, responseMs } = this.#connection.limits;
    this.#arm(this.#request.isStreaming ? firstEventMs : responseMs);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, statusMessage = ''): void {
    // 1xx answers are interim (RFC 9110 §15.2); the final one follows or the clock runs out.
    if (this.#phase !== 'waiting' || status < 200) return;
    this.#head = new ResponseHead(status, statusMessage, controller.rawHeaders);
    if (status >= 400) {
      this.#phase = 'refusing';
      this.#arm(refusalBodyMs);
    } else if (status >= 300) {
      this.#giveUp({ kind: 'malformed', what: 'redirect' });
    } else {
      this.#phase = 'inspecting';
      this.#inspect();
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    switch (this.#phase) {
      case 'relaying':
        this.#relay?.data(chunk);
        return;
      case 'inspecting':
        this.#hold(chunk);
        this.#inspection?.push(chunk);
        this.#decide();
        return;
      case 'refusing':
        this.#hold(chunk);
        if (this.#held.bytes >= refusalBytesMax) this.#endLongRefusal();
        return;
      case 'connecting':
      case 'waiting':
      case 'settled':
        return;
    }
  }

  onResponseEnd(): void {
    this.#connection.lease.giveBack();
    this.#upstreamEnded = true;
    if (this.#phase === 'refusing') this.#settle(this.#held.asRefusal(this.#head), this.#held.asAnswer(this.#head, true));
    else if (this.#inspection === undefined) this.#relay?.ended();
    else this.#inspection.end(this.#onUnderstood);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    switch (this.#phase) {
      case 'connecting':
        this.#giveUp({ kind: 'unreachable', cause: unreachableCause(error) });
        return;
      case 'waiting':
        if (isProtocolError(error)) this.#giveUp({ kind: 'malformed', what: 'not-http' });
        else this.#giveUp({ kind: this.#connection.lease.isReusedAndSilent ? 'stale' : 'hung-up' });
        return;
      case 'refusing':
        this.#giveUp(this.#held.asRefusal(this.#head), this.#held.asAnswer(this.#head, false));
        return;
      case 'inspecting':
        this.#giveUp({ kind: 'broken', how: 'reset', committed: false });
        return;
      case 'relaying':
        this.#relay?.broke();
        return;
      case 'settled':
        return;
    }
  }

  // ── what the client does ────────────────────────────────────────────────────────────────────────────────────────

  clientDrained(): void {
    this.#relay?.clientDrained();
  }

  clientLeft(): void {
    if (this.#relay === undefined) this.#giveUp({ kind: 'client-left' });
    // It has the whole answer and is right to go; only our reading of it lags behind, and ends the attempt when it is done.
    else if (!this.#upstreamEnded || this.#connection.downstream.isBehind) this.#relay.clientLeft();
  }

  cutOff(): void {
    if (this.#relay === undefined) this.#giveUp({ kind: 'cut-off' });
    else if (!this.#upstreamEnded) this.#relay.cutOff();
  }

  // ── a 2xx: held back until it proves itself ─────────────────────────────────────────────────────────────────────

  #inspect(): void {
    const { dialect, path, isStreaming } = this.#request;
    const { isEventStream, encoding, header } = this.#head;
    const reader = createAnswerReader({ dialect, path, isStreaming, isEventStream, contentType: header('content-type') }, Date.now());
    this.#inspection = new Inspection(reader, encoding, this.#onDecoded);
    // Only another kind of answer than the one asked for needs another clock.
    if (isEventStream !== isStreaming) {
      this.#arm(isEventStream ? this.#connection.limits.firstEventMs : this.#responseMsLeft);
    }
  }

  /** Until its bytes show otherwise, an answer is what it is called. */
  get #isEventStream(): boolean {
    return this.#inspection?.isEventStream ?? this.#head.isEventStream;
  }

  #hold(chunk: Buffer): void {
    this.#firstByteAt ??= performance.now();
    this.#held.push(chunk);
  }

  #decide(): void {
    const stage = this.#inspection?.stage;
    if (this.#phase !== 'inspecting' || stage === undefined) return;
    switch (stage.kind) {
      case 'undecided':
        if (this.#held.bytes >= heldBytesMax) this.#commit();
        return;
      case 'answer':
        this.#commit();
        return;
      case 'error': {
        const outcome: Outcome = { kind: 'disguised', error: stage.error, header: this.#head.header };
        if (nextAfter(outcome) === 'finish') this.#commit(outcome);
        else this.#giveUp(outcome, this.#held.asAnswer(this.#head, this.#upstreamEnded && !this.#isEventStream));
        return;
      }
      case 'malformed':
        this.#giveUp({ kind: 'malformed', what: stage.what });
        return;
    }
  }

  readonly #onDecoded = (): void => {
    this.#decide();
    this.#relay?.understood();
  };

  /** The upstream ended and every byte has been understood. */
  readonly #onUnderstood = (): void => {
    this.#decide();
    if (this.#isIn('inspecting')) this.#giveUp({ kind: 'broken', how: 'early-end', committed: false });
    this.#relay?.ended();
  };

  /** The point of no return: headers, then what was held, then whatever comes. */
  #commit(verdict?: Outcome): void {
    const { downstream, lease, limits, onCommit } = this.#connection;
    const controller = this.#controller;
    if (controller === undefined) return;
    const head = this.#head;
    // First of all, because it is what could throw: an attempt that is still inspecting can be given up.
    downstream.commit(head.status, head.statusMessage, clientResponseHeaders(head.headers, this.#request.ours));
    this.#phase = 'relaying';
    if (verdict === undefined) onCommit();
    // A stream's silence is the relay's to watch. Any other answer keeps the clock it has, unless that was a refusal's.
    if (this.#isEventStream) clearTimeout(this.#timer);
    else if (verdict !== undefined) this.#arm(this.#responseMsLeft);
    const answer = { dialect: this.#request.dialect, head, isEventStream: this.#isEventStream, inspection: this.#inspection, verdict, idleMs: limits.streamIdleMs };
    const source: Source = { pause: () => lease.pause(controller), resume: () => lease.resume() };
    this.#relay = new Relay(answer, downstream, source, this.#onRelayed);
    this.#relay.begin(this.#held.release());
  }

  readonly #onRelayed = (outcome: Outcome): void => {
    this.#settle(outcome);
    if (!this.#upstreamEnded) this.#connection.lease.discard();
  };

  // ── a status outside 2xx: gathered, then judged ─────────────────────────────────────────────────────────────────

  /** More than is kept has come: either it is the client's, and streams through, or it is not worth waiting for. */
  #endLongRefusal(): void {
    const outcome = this.#held.asRefusal(this.#head);
    if (nextAfter(outcome) === 'finish') this.#commit(outcome);
    else this.#giveUp(outcome, this.#held.asAnswer(this.#head, false));
  }

  // ── the clock, and the end ──────────────────────────────────────────────────────────────────────────────────────

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(ms)));
  }

  get #responseMsLeft(): number {
    return this.#connection.limits.responseMs - (performance.now() - this.#sentAt);
  }

  readonly #onTimer = (): void => {
    switch (this.#phase) {
      case 'connecting':
        this.#giveUp({ kind: 'unreachable', cause: 'connect-timeout' });
        return;
      case 'waiting':
        this.#giveUp({ kind: 'timed-out', limit: this.#request.isStreaming ? 'first-event' : 'response', committed: false });
        return;
      case 'refusing':
        this.#giveUp(this.#held.asRefusal(this.#head), this.#held.asAnswer(this.#head, false));
        return;
      case 'inspecting':
        // A stream that has announced itself is alive, only slow to begin (long reasoning): it is let through and
        // watched for silence, rather than repeated elsewhere at the same length.
        if (this.#inspection?.isAnnounced === true) this.#commit();
        else this.#giveUp({ kind: 'timed-out', limit: this.#isEventStream ? 'first-event' : 'response', committed: false });
        return;
      case 'relaying':
        this.#relay?.outOfTime();
        return;
      case 'settled':
        return;
    }
  };

  #isIn(phase: Phase): boolean {
    return this.#phase === phase;
  }

  /** Ends the attempt before its commit; the connection goes with it. */
  #giveUp(outcome: Outcome, held?: HeldAnswer): void {
    this.#settle(outcome, held);
    if (!this.#upstreamEnded) this.#connection.lease.discard();
  }

  #settle(outcome: Outcome, held?: HeldAnswer): void {
    if (this.#phase === 'settled') return;
    this.#phase = 'settled';
    clearTimeout(this.#timer);
    this.#connection.downstream.listen(undefined);
    this.#inspection?.stop();
    this.#held.release();
    this.#resolve({
      outcome,
      committed: this.#relay !== undefined,
      held,
      firstByteMs: this.#firstByteAt === undefined ? undefined : this.#firstByteAt - this.#sentAt,
      usage: this.#inspection?.usage,
      usageIncomplete: this.#inspection?.usageIncomplete ?? false,
    });
  }
}
