import type { Dialect } from '../domain/dialect.js';
import { brokenStreamEvent } from '../domain/error-shape.js';
import type { Outcome } from '../domain/outcome.js';
import type { Downstream } from './downstream.js';
import type { Inspection } from './inspection.js';
import type { ResponseHead } from './response-head.js';

/** Upstream silence after which a comment line keeps intermediaries from closing the stream. */
const keepAliveCommentMs = 15_000;

const brokenMessage = 'The upstream ended the stream before the answer was complete.';
const silentMessage = 'The upstream fell silent before the answer was complete.';
const cutOffMessage = 'The gateway was shut down before the answer was complete.';

/** What the client is told of an answer that stops short. */
const brokenMessageOf = (outcome: Outcome): string => {
  if (outcome.kind === 'cut-off') return cutOffMessage;
  return outcome.kind === 'timed-out' ? silentMessage : brokenMessage;
};

/** What a relay needs to know of the answer it carries. */
export interface RelayedAnswer {
  readonly dialect: Dialect;
  readonly head: ResponseHead;
  readonly isEventStream: boolean;
  /** `undefined`: the bytes are carried unread. */
  readonly inspection: Inspection | undefined;
  /** An answer that is relayed although it is an error keeps the outcome it was recognised by. */
  readonly verdict: Outcome | undefined;
  /** Longest silence between two events of a stream. */
  readonly idleMs: number;
}

/** Where the bytes come from. */
export interface Source {
  pause(): void;
  resume(): void;
}

/**
 * The committed half of an attempt: bytes pass as they come, as fast as the client reads, until the answer ends, breaks,
 * falls silent, or the client leaves. Whichever comes first is reported through `settle`, once.
 */
export class Relay {
  readonly #answer: RelayedAnswer;
  readonly #downstream: Downstream;
  readonly #upstream: Source;
  readonly #settle: (outcome: Outcome) => void;
  #timer: NodeJS.Timeout | undefined;
  #lastByteAt: number;
  #lastProgress = 0;
  #lastProgressAt: number;
  #pausedAt: number | undefined;
  #settled = false;

  constructor(answer: RelayedAnswer, downstream: Downstream, upstream: Source, settle: (outcome: Outcome) => void) {
    this.#answer = answer;
    this.#downstream = downstream;
    this.#upstream = upstream;
    this.#settle = settle;
    this.#lastByteAt = this.#lastProgressAt = performance.now();
  }

  /** Sends what was held back. Those bytes have been read already. */
  begin(held: readonly Buffer[]): void {
    let ready = true;
    for (const chunk of held) ready = this.#downstream.write(chunk);
    if (!ready) this.#pause();
    const { isEventStream, inspection, verdict } = this.#answer;
    if (!isEventStream) return;
    this.#watchSilence();
    // A stream that began with its error has no more to say.
    if (verdict !== undefined && inspection !== undefined) this.ended();
    else this.understood();
  }

  data(chunk: Buffer): void {
    if (!this.#downstream.write(chunk)) this.#pause();
    const { inspection, isEventStream } = this.#answer;
    if (inspection === undefined) return;
    inspection.push(chunk);
    if (!isEventStream) return;
    this.#lastByteAt = performance.now();
    // In bytes that cannot be read, any may be an event.
    if (!inspection.isReadable) this.#lastProgressAt = this.#lastByteAt;
    else if (inspection.isPlain) this.understood();
  }

  /** More of a stream has been read: at once where it is plain, later where it must be decoded first. */
  understood(): void {
    const { inspection, isEventStream } = this.#answer;
    if (this.#settled || inspection === undefined || !isEventStream) return;
    // The upstream has said that it failed; nothing meaningful can follow, and the client need not wait for the rest.
    if (inspection.lateError !== undefined) {
      this.ended();
      return;
    }
    if (inspection.progress === this.#lastProgress) return;
    this.#lastProgress = inspection.progress;
    this.#lastProgressAt = performance.now();
  }

  /** The upstream ended its message cleanly and every byte has been understood; whether that was the whole answer is another question. */
  ended(): void {
    if (this.#settled) return;
    const { inspection, verdict, head } = this.#answer;
    if (verdict !== undefined) this.#end(verdict);
    // The upstream's own error event has reached the client; one is enough.
    else if (inspection?.lateError !== undefined) this.#end({ kind: 'broken', how: 'error-event', committed: true });
    else if (inspection?.isReadable === true && !inspection.isWhole) this.#breakOff({ kind: 'broken', how: 'early-end', committed: true });
    else this.#end({ kind: 'complete', status: head.status });
  }

  /** An answer that is no stream should have been complete by now. */
  outOfTime(): void {
    if (!this.#settled) this.#timedOut('response');
  }

  /** The upstream's connection broke. A stream that had said its last word is whole all the same. */
  broke(): void {
    if (this.#settled) return;
    if (this.#hasSaidLastWord) this.ended();
    else this.#breakOff({ kind: 'broken', how: 'reset', committed: true });
  }

  clientDrained(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedAt = undefined;
    // The upstream was silent because we asked it to be.
    this.#lastByteAt = this.#lastProgressAt = performance.now();
    this.#upstream.resume();
  }

  /** Clients hang up as soon as they have read the last event; that is no reason to call the answer incomplete. */
  clientLeft(): void {
    if (this.#hasSaidLastWord) this.ended();
    else this.#finish({ kind: 'client-left' });
  }

  /** The gateway waits no longer. A stream that had said its last word is whole all the same. */
  cutOff(): void {
    if (this.#settled) return;
    if (this.#hasSaidLastWord) this.ended();
    else this.#breakOff({ kind: 'cut-off' });
  }

  /** A stream whose terminal event has passed, or its error: whatever happens to the connection now changes nothing. */
  get #hasSaidLastWord(): boolean {
    const { inspection, isEventStream } = this.#answer;
    return isEventStream && inspection !== undefined && (inspection.isWhole || inspection.lateError !== undefined);
  }

  #pause(): void {
    this.#pausedAt ??= performance.now();
    this.#upstream.pause();
  }

  #end(outcome: Outcome): void {
    this.#downstream.end();
    this.#finish(outcome);
  }

  /** The answer stops short. The client must notice: by an error event where one fits, else by a torn connection. */
  #breakOff(outcome: Outcome): void {
    if (this.#canInsertLines) {
      const boundary = this.#answer.inspection?.atLineStart === true ? '\n' : '\n\n';
      this.#downstream.write(boundary + brokenStreamEvent(this.#answer.dialect, brokenMessageOf(outcome)));
      this.#downstream.end();
    } else {
      this.#downstream.breakOff();
    }
    this.#finish(this.#answer.verdict ?? outcome);
  }

  /** Lines of ours may stand in a plain event stream whose length was not announced. */
  get #canInsertLines(): boolean {
    const { head, isEventStream, inspection } = this.#answer;
    return isEventStream && !head.hasLength && inspection?.isPlain === true;
  }

  #finish(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#settle(outcome);
  }

  // ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────

  #arm(ms: number): void {
    this.#timer = setTimeout(this.#onTimer, Math.max(1, Math.ceil(ms)));
  }

  readonly #onTimer = (): void => {
    if (!this.#settled) this.#watchSilence();
  };

  /** One timer per stream, set anew only when it fires: a chunk costs an assignment, not a timer. */
  #watchSilence(): void {
    const now = performance.now();
    const idleLeftMs = this.#answer.idleMs - (now - (this.#pausedAt ?? this.#lastProgressAt));
    if (idleLeftMs <= 0) {
      this.#timedOut('idle');
      return;
    }
    if (now - this.#lastByteAt >= keepAliveCommentMs) {
      this.#comment();
      this.#lastByteAt = now;
    }
    this.#arm(Math.min(idleLeftMs, keepAliveCommentMs - (now - this.#lastByteAt)));
  }

  /** A comment is no event: clients that watch for a dead upstream are not deceived (failures §5). */
  #comment(): void {
    if (this.#pausedAt === undefined && this.#canInsertLines && this.#answer.inspection?.atLineStart === true) {
      this.#downstream.write(': keep-alive\n');
    }
  }

  #timedOut(limit: 'idle' | 'response'): void {
    if (this.#pausedAt !== undefined) {
      // While the client does not read, the upstream is silent by our will: the client has left, slowly.
      this.#downstream.breakOff();
      this.clientLeft();
    } else if (this.#hasSaidLastWord) {
      this.ended();
    } else {
      this.#breakOff({ kind: 'timed-out', limit, committed: true });
    }
  }
}
