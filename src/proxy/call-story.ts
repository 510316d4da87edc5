import { logMessageCharsMax, traceStepsMax, type AttemptRecord, type TraceStep } from '../domain/call.js';
import type { Channel } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';
import type { AttemptResult } from './attempt-terms.js';
import type { ModelCall } from './model-call.js';

/** What identifies a request in its log rows. */
export type CallIdentity = Pick<ModelCall, 'requestId' | 'path' | 'model' | 'isStreaming' | 'clientIp' | 'tokenLabel'>;

/** Never through a character: half a surrogate pair would be no text. */
const cut = (message: string): string => message.slice(0, logMessageCharsMax).replace(/[\uD800-\uDBFF]$/, '');

/** When something happened to a request, how long it took and how it ended. */
export interface Happening {
  readonly startedAt: EpochMs;
  readonly durationMs: number;
  readonly statusCode: number;
  readonly message: string;
}

/** A record that is still being written: filled in place, because one is made for every attempt. */
type Draft = { -readonly [K in keyof AttemptRecord]: AttemptRecord[K] };

/** Collects what happened to one request: a record per attempt and the trace of the decisions between them. */
export class CallStory {
  readonly #call: CallIdentity;
  readonly #records: Draft[] = [];
  #trace: TraceStep[] | undefined;
  #stepsLeftOut = 0;

  constructor(call: CallIdentity) {
    this.#call = call;
  }

  get requestId(): string {
    return this.#call.requestId;
  }

  /** Channels tried so far. */
  get attempts(): number {
    return this.#records.length;
  }

  /** Adds a line to the trace; beyond `traceStepsMax` only the number of lines is kept. */
  note(channel: Channel, note: string): void {
    const step = { channelId: channel.id, channelName: channel.name, note };
    // Most requests have one step: a list that grows to its first member makes room for sixteen more.
    if (this.#trace === undefined) this.#trace = [step];
    else if (this.#trace.length < traceStepsMax) this.#trace.push(step);
    else this.#stepsLeftOut++;
  }

  attempted(channel: Channel, happening: Happening, result: Pick<AttemptResult, 'firstByteMs' | 'usage' | 'usageIncomplete'>): void {
    const record = this.#row(happening);
    record.attempt = this.#records.length + 1;
    record.channelId = channel.id;
    record.channelName = channel.name;
    record.firstByteMs = result.firstByteMs;
    record.usage = result.usage;
    record.usageIncomplete = result.usageIncomplete;
    this.#records.push(record);
  }

  /** The gateway answered by itself, without having tried a channel. */
  answeredAlone(happening: Happening): void {
    this.#records.push(this.#row(happening));
  }

  /** The records, with attempt number `final` (1-based; 0 or absent: the last one) marked as the one the client got. */
  finish(final: number | undefined): readonly AttemptRecord[] {
    const finalIndex = final === undefined || final === 0 ? this.#records.length - 1 : final - 1;
    const record = this.#records[finalIndex];
    if (record !== undefined) {
      record.final = true;
      record.trace = this.#finishedTrace();
    }
    return this.#records;
  }

  #finishedTrace(): readonly TraceStep[] | undefined {
    const last = this.#trace?.at(-1);
    if (this.#trace === undefined || last === undefined || this.#stepsLeftOut === 0) return this.#trace;
    return [...this.#trace.slice(0, -1), { ...last, note: `${last.note} (${this.#stepsLeftOut} more steps)` }];
  }

  #row({ startedAt, durationMs, statusCode, message }: Happening): Draft {
    return {
      time: startedAt,
      requestId: this.#call.requestId,
      attempt: 0,
      final: false,
      model: this.#call.model,
      channelId: undefined,
      channelName: undefined,
      path: this.#call.path,
      statusCode,
      message: cut(message),
      durationMs,
      isStreaming: this.#call.isStreaming,
      firstByteMs: undefined,
      usage: undefined,
      usageIncomplete: false,
      clientIp: this.#call.clientIp,
      tokenLabel: this.#call.tokenLabel,
      trace: undefined,
    };
  }
}
