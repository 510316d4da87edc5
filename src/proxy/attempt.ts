import type { Dispatcher } from 'undici';
import { createBodyReader } from '../domain/body-reader.js';
import type { Dialect } from '../domain/dialect.js';
import { brokenStreamEvent } from '../domain/error-shape.js';
import { nextAfter } from '../domain/failure.js';
import type { HeaderLookup, Outcome } from '../domain/outcome.js';
import { createStreamReader } from '../domain/stream-reader.js';
import { readErrorBody } from '../domain/upstream-error.js';
import type { Usage } from '../domain/usage.js';
import { decodeText } from './content-decoder.js';
import type { Downstream, DownstreamListener } from './downstream.js';
import { clientResponseHeaders, firstValue, type RawHeaders } from './headers.js';
import { Inspection } from './inspection.js';
import { isProtocolError, unreachableCause } from './transport-errors.js';
import type { Lease } from './upstream.js';

/** Answer bytes held back while nothing meaningful has come; beyond it the stream is committed as it is. */
export const heldBytesMax = 256 * 1024;
/** Bytes kept of an answer with a status outside 2xx; a longer one that is to be relayed streams through. */
export const refusalBytesMax = 64 * 1024;
/** How long the body of a refusal may take; what counts stands in its status, and other channels are waiting. */
const refusalBodyMs = 5_000;
/** Upstream silence after which a comment line keeps intermediaries from closing the stream. */
const keepAliveCommentMs = 15_000;

/** Milliseconds; see the environment variables of the same names. */
export interface AttemptLimits {
  readonly connectMs: number;
  readonly firstEventMs: number;
  readonly streamIdleMs: number;
  readonly responseMs: number;
}

export interface AttemptRequest {
  readonly dialect: Dialect;
  /** Request path without query: it decides which event ends a stream. */
  readonly path: string;
  /** Path and query as they go to the upstream. */
  readonly target: string;
  readonly headers: string[];
  readonly body: Buffer;
  /** The client asked for a stream. */
  readonly isStreaming: boolean;
  /** Headers of ours for the client's answer, as a flat list. */
  readonly ours: RawHeaders;
}

/** An answer that was held back whole, for the client in case nobody does better. */
export interface HeldAnswer {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  /** False when the upstream sent more than was kept, or broke off: the body must not pass for the whole. */
  readonly isWhole: boolean;
}

export interface AttemptResult {
  readonly outcome: Outcome;
  /** The client has been served by this attempt, for better or worse; nothing may follow. */
  readonly committed: boolean;
  readonly held: HeldAnswer | undefined;
  readonly firstByteMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly usageIncomplete: boolean;
}

/**
 * Where an attempt stands.
 *
 * - `connecting`: no request byte is out;
 * - `waiting`: for the response headers;
 * - `refusing`: the status is no 2xx; its body is gathered to be understood;
 * - `inspecting`: a 2xx is held back until it proves to be an answer;
 * - `relaying`: committed; bytes pass as they come;
 * - `ending`: the upstream has finished, the last bytes are being understood;
 * - `settled`: over; whatever still arrives is ignored.
 */
type Phase = 'connecting' | 'waiting' | 'refusing' | 'inspecting' | 'relaying' | 'ending' | 'settled';

/**
 * One try of one request at one channel: undici's callbacks on one side, the client on the other. It commits when the
 * answer has proved itself, and settles exactly once, with what happened.
 */
export class Attempt implements Dispatcher.DispatchHandler, DownstreamListener {
  readonly #request: AttemptRequest;
  readonly #lease: Lease;
  readonly #downstream: Downstream;
  readonly #limits: AttemptLimits;
  readonly #onCommit: () => void;
  #resolve: (result: AttemptResult) => void = () => undefined;

  #phase: Phase = 'connecting';
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #statusMessage = '';
  #headers: RawHeaders = [];
  #isEventStream = false;
  #inspection: Inspection | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #committed = false;
  #upstreamEnded = false;
  /** An answer that is relayed although it is an error keeps the outcome it was recognised by. */
  #verdict: Outcome | undefined;

  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #firstByteAt: number | undefined;
  #lastByteAt = 0;
  #lastProgress = 0;
  #lastProgressAt = 0;
  #pausedAt: number | undefined;

  private constructor(request: AttemptRequest, lease: Lease, downstream: Downstream, limits: AttemptLimits, onCommit: () => void) {
    this.#request = request;
    this.#lease = lease;
    this.#downstream = downstream;
    this.#limits = limits;
    this.#onCommit = onCommit;
  }

  /** Sends the request and resolves when its story is over; never rejects. `onCommit`: a 2xx began to reach the client. */
  static run(
    request: AttemptRequest,
    connection: { readonly lease: Lease; readonly downstream: Downstream; readonly limits: AttemptLimits; readonly onCommit: () => void },
  ): Promise<AttemptResult> {
    const attempt = new Attempt(request, connection.lease, connection.downstream, connection.limits, connection.onCommit);
    return new Promise((resolve) => {
      attempt.#resolve = resolve;
      attempt.#begin();
    });
  }

  #begin(): void {
    this.#downstream.listen(this);
    if (this.#downstream.hasLeft) {
      this.clientLeft();
      return;
    }
    const { target, headers, body } = this.#request;
    this.#lease.dispatch({ path: target, method: 'POST', headers, body }, this);
    // An open connection takes the request at once; a new one is given its time, to the millisecond, which undici's
    // own coarse timer would not keep.
    if (this.#phase === 'connecting') this.#arm(this.#limits.connectMs);
  }

  // ── what the upstream does ──────────────────────────────────────────────────────────────────────────────────────

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#phase !== 'connecting') return;
    this.#phase = 'waiting';
    this.#sentAt = performance.now();
    this.#arm(this.#request.isStreaming ? this.#limits.firstEventMs : this.#limits.responseMs);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, statusMessage = ''): void {
    // 1xx answers are interim (RFC 9110 §15.2); the final one follows or the clock runs out.
    if (this.#phase !== 'waiting' || status < 200) return;
    this.#status = status;
    this.#statusMessage = statusMessage;
    this.#headers = asStrings(controller.rawHeaders);
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

  #inspect(): void {
    const { dialect, path, isStreaming } = this.#request;
    const { firstEventMs, responseMs } = this.#limits;
    const contentType = firstValue(this.#headers, 'content-type');
    const encoding = firstValue(this.#headers, 'content-encoding');
    this.#isEventStream = contentType?.trimStart().toLowerCase().startsWith('text/event-stream') === true;
    const reader = this.#isEventStream
      ? createStreamReader(dialect, path, Date.now())
      : createBodyReader(dialect, contentType, Date.now());
    this.#inspection = new Inspection(reader, encoding === 'identity' ? undefined : encoding, this.#onDecoded);
    // Only the other kind of answer than the one asked for needs another clock.
    if (this.#isEventStream !== isStreaming) {
      const sinceSentMs = performance.now() - this.#sentAt;
      this.#arm(this.#isEventStream ? firstEventMs : responseMs - sinceSentMs);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    switch (this.#phase) {
      case 'relaying':
        this.#relay(chunk);
        return;
      case 'inspecting':
        this.#hold(chunk);
        this.#inspection?.push(chunk);
        this.#decide();
        return;
      case 'refusing':
        this.#hold(chunk);
        if (this.#heldBytes >= refusalBytesMax) this.#endLongRefusal();
        return;
      case 'connecting':
      case 'waiting':
      case 'ending':
      case 'settled':
        return;
    }
  }

  onResponseEnd(): void {
    this.#lease.giveBack();
    this.#upstreamEnded = true;
    switch (this.#phase) {
      case 'refusing':
        this.#settle(this.#refused(), this.#heldAnswer(true));
        return;
      case 'inspecting':
      case 'relaying':
        this.#disarm();
        if (this.#phase === 'relaying') this.#phase = 'ending';
        if (this.#inspection === undefined) this.#finish();
        else this.#inspection.end(this.#onUnderstood);
        return;
      case 'connecting':
      case 'waiting':
      case 'ending':
      case 'settled':
        return;
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    switch (this.#phase) {
      case 'connecting':
        this.#giveUp({ kind: 'unreachable', cause: unreachableCause(error) });
        return;
      case 'waiting':
        if (isProtocolError(error)) this.#giveUp({ kind: 'malformed', what: 'not-http' });
        else this.#giveUp({ kind: this.#lease.isReusedAndSilent ? 'stale' : 'hung-up' });
        return;
      case 'refusing':
        this.#lease.discard();
        this.#settle(this.#refused(), this.#heldAnswer(false));
        return;
      case 'inspecting':
        this.#giveUp({ kind: 'broken', how: 'reset', committed: false });
        return;
      case 'relaying':
        this.#breakOff({ kind: 'broken', how: 'reset', committed: true });
        return;
      case 'ending':
      case 'settled':
        return;
    }
  }

  // ── what the client does ────────────────────────────────────────────────────────────────────────────────────────

  clientDrained(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedAt = undefined;
    // The upstream was silent because we asked it to be.
    this.#lastByteAt = this.#lastProgressAt = performance.now();
    this.#controller?.resume();
  }

  clientLeft(): void {
    this.#giveUp({ kind: 'client-left' });
  }

  // ── holding, committing, relaying ───────────────────────────────────────────────────────────────────────────────

  #hold(chunk: Buffer): void {
    this.#firstByteAt ??= performance.now();
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  /** Holding goes on until the answer has shown what it is. */
  #decide(): void {
    const stage = this.#inspection?.stage;
    if (this.#phase !== 'inspecting' || stage === undefined) return;
    switch (stage.kind) {
      case 'undecided':
        if (this.#heldBytes >= heldBytesMax) this.#commit();
        return;
      case 'answer':
        this.#commit();
        return;
      case 'error': {
        const outcome: Outcome = { kind: 'disguised', error: stage.error, header: this.#header };
        if (nextAfter(outcome) === 'finish') this.#commit(outcome);
        else this.#giveUp(outcome, this.#heldAnswer(this.#upstreamEnded && !this.#isEventStream));
        return;
      }
      case 'malformed':
        this.#giveUp({ kind: 'malformed', what: stage.what });
        return;
    }
  }

  readonly #onDecoded = (): void => {
    if (this.#phase === 'inspecting') this.#decide();
  };

  /** The point of no return: headers, then what was held, then whatever comes. */
  #commit(verdict?: Outcome): void {
    this.#phase = 'relaying';
    this.#committed = true;
    this.#verdict = verdict;
    if (verdict === undefined) this.#onCommit();
    this.#downstream.commit(this.#status, this.#statusMessage, clientResponseHeaders(this.#headers, this.#request.ours));
    let ready = true;
    for (const chunk of this.#held) ready = this.#downstream.write(chunk);
    this.#held = [];
    if (!ready) this.#pause();
    this.#lastByteAt = this.#lastProgressAt = performance.now();
    this.#lastProgress = this.#inspection?.progress ?? 0;
    // A stream is watched for silence; anything else keeps the deadline it has.
    if (this.#isEventStream) this.#watchSilence(this.#lastByteAt);
  }

  #relay(chunk: Buffer): void {
    if (!this.#downstream.write(chunk)) this.#pause();
    if (this.#inspection === undefined) return;
    this.#inspection.push(chunk);
    if (!this.#isEventStream) return;
    this.#lastByteAt = performance.now();
    if (this.#inspection.progress !== this.#lastProgress) {
      this.#lastProgress = this.#inspection.progress;
      this.#lastProgressAt = this.#lastByteAt;
    }
  }

  #pause(): void {
    this.#pausedAt ??= performance.now();
    this.#controller?.pause();
  }

  // ── ending ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The upstream finished and every byte has been understood. */
  readonly #onUnderstood = (): void => {
    if (this.#phase === 'inspecting') {
      this.#decide();
      // `decide` may have committed, or settled the attempt; only an answer without any content is still undecided.
      if (this.#isStill('inspecting')) this.#giveUp({ kind: 'broken', how: 'early-end', committed: false });
      if (!this.#isStill('relaying')) return;
    }
    if (!this.#isStill('settled')) this.#finish();
  };

  #isStill(phase: Phase): boolean {
    return this.#phase === phase;
  }

  #finish(): void {
    if (this.#verdict === undefined && this.#inspection?.lateError !== undefined) {
      // The error event itself has reached the client; one is enough.
      this.#end({ kind: 'broken', how: 'error-event', committed: true });
    } else if (this.#inspection?.isWhole === false && this.#verdict === undefined) {
      this.#breakOff({ kind: 'broken', how: 'early-end', committed: true });
    } else {
      this.#end({ kind: 'complete', status: this.#status });
    }
  }

  #end(outcome: Outcome): void {
    this.#downstream.end();
    this.#settle(this.#verdict ?? outcome);
  }

  /** The answer stops short. The client must notice: by an error event where one fits, else by a torn connection. */
  #breakOff(outcome: Outcome): void {
    this.#lease.discard();
    if (this.#inspection?.lateError !== undefined || (this.#isEventStream && this.#inspection?.isWhole === true)) {
      this.#finish();
      return;
    }
    if (this.#canInsertLines()) {
      const boundary = this.#inspection?.atLineStart === true ? '\n' : '\n\n';
      const message = 'The upstream ended the stream before the answer was complete.';
      this.#downstream.write(boundary + brokenStreamEvent(this.#request.dialect, message));
      this.#downstream.end();
    } else {
      this.#downstream.breakOff();
    }
    this.#settle(this.#verdict ?? outcome);
  }

  /** Lines of ours may stand in a plain event stream whose length was not announced. */
  #canInsertLines(): boolean {
    return this.#isEventStream && this.#inspection?.isPlain === true && firstValue(this.#headers, 'content-length') === undefined;
  }

  /** Ends the attempt from our side; the connection goes with it. */
  #giveUp(outcome: Outcome, held?: HeldAnswer): void {
    if (this.#phase === 'settled') return;
    const settledOutcome = this.#committed && outcome.kind === 'client-left' && this.#verdict !== undefined ? this.#verdict : outcome;
    this.#settle(settledOutcome, held);
    this.#lease.discard();
  }

  #settle(outcome: Outcome, held?: HeldAnswer): void {
    if (this.#phase === 'settled') return;
    this.#phase = 'settled';
    this.#disarm();
    this.#downstream.listen(undefined);
    this.#inspection?.stop();
    this.#held = [];
    this.#resolve({
      outcome,
      committed: this.#committed,
      held,
      firstByteMs: this.#firstByteAt === undefined ? undefined : this.#firstByteAt - this.#sentAt,
      usage: this.#inspection?.usage,
      usageIncomplete: this.#inspection?.usageIncomplete ?? false,
    });
  }

  // ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────

  readonly #header: HeaderLookup = (name) => firstValue(this.#headers, name);

  #refused(): Outcome {
    const text = decodeText(this.#header('content-encoding'), Buffer.concat(this.#held), refusalBytesMax);
    const error = text === '' ? undefined : readErrorBody(text, this.#status, Date.now());
    return { kind: 'refused', refusal: { status: this.#status, header: this.#header, error } };
  }

  #heldAnswer(isWhole: boolean): HeldAnswer {
    return {
      status: this.#status,
      statusMessage: this.#statusMessage,
      headers: this.#headers,
      body: Buffer.concat(this.#held),
      isWhole,
    };
  }

  /** More than is kept has come: either it is the client's, and streams through, or it is not worth waiting for. */
  #endLongRefusal(): void {
    const outcome = this.#refused();
    if (nextAfter(outcome) === 'finish') {
      this.#commit(outcome);
      this.#arm(this.#limits.responseMs);
    } else {
      this.#giveUp(outcome, this.#heldAnswer(false));
    }
  }

  // ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(ms)));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
        this.#lease.discard();
        this.#settle(this.#refused(), this.#heldAnswer(false));
        return;
      case 'inspecting':
        // A stream that has announced itself is alive, only slow to begin (long reasoning): it is let through and
        // watched for silence, rather than repeated elsewhere at the same length.
        if (this.#isEventStream && (this.#inspection?.progress ?? 0) > 0) this.#commit();
        else this.#giveUp({ kind: 'timed-out', limit: this.#isEventStream ? 'first-event' : 'response', committed: false });
        return;
      case 'relaying':
        if (this.#isEventStream) this.#watchSilence(performance.now());
        else this.#timeOut('response');
        return;
      case 'ending':
      case 'settled':
        return;
    }
  };

  /** One timer per stream, set anew only when it fires: a chunk costs two assignments, not a timer. */
  #watchSilence(now: number): void {
    const silentSince = this.#pausedAt ?? this.#lastProgressAt;
    const idleLeftMs = this.#limits.streamIdleMs - (now - silentSince);
    if (idleLeftMs <= 0) {
      this.#timeOut('idle');
      return;
    }
    let commentLeftMs = keepAliveCommentMs - (now - this.#lastByteAt);
    if (commentLeftMs <= 0) {
      if (this.#pausedAt === undefined && this.#canInsertLines() && this.#inspection?.atLineStart === true) {
        this.#downstream.write(': keep-alive\n');
      }
      this.#lastByteAt = now;
      commentLeftMs = keepAliveCommentMs;
    }
    this.#arm(Math.min(idleLeftMs, commentLeftMs));
  }

  #timeOut(limit: 'idle' | 'response'): void {
    // While the client does not read, the upstream is silent by our will: that is the client's leaving, slowly.
    if (this.#pausedAt !== undefined) {
      this.#downstream.breakOff();
      this.clientLeft();
    } else {
      this.#breakOff({ kind: 'timed-out', limit, committed: true });
    }
  }
}

/** undici hands headers over as Buffers in wire order; latin1 keeps every byte (RFC 9110 §5.5). */
const asStrings = (headers: Dispatcher.DispatchController['rawHeaders']): RawHeaders =>
  Array.isArray(headers) ? headers.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
