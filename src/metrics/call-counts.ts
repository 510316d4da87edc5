import type { AttemptRecord } from '../domain/call.js';
import { dialectOf, type Dialect } from '../domain/dialect.js';
import type { CallSink } from '../domain/ports.js';
import { secondMs } from '../domain/time.js';
import { callClasses, classIndexOf } from '../domain/call-classes.js';
import { SecondsHistogram } from './seconds-histogram.js';

/** Channels that are counted under their own name; operators rarely have so many. The rest share `otherChannels`. */
export const channelLabelsMax = 200;
export const otherChannels = 'other';

/** The first event may come at once from a cache, or after minutes of thought; an answer may take an hour. */
const firstByteBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300];
const durationBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800];

/** What went through one channel since the start. */
export class ChannelCounts {
  /** Attempts by class, in the order of `callClasses`. */
  readonly attempts = callClasses.map(() => 0);
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  cacheCreationTokens = 0;
}

/**
 * Counts finished calls in plain numbers: no labels are looked up and no text is made while a call ends, that is left to
 * whoever asks for the metrics. Its size is bounded by `channelLabelsMax`; names of models are no labels, because clients
 * choose them.
 */
export class CallCounts implements CallSink {
  /** Requests by class, in the order of `callClasses`, per dialect. */
  readonly requests: Readonly<Record<Dialect, number[]>> = {
    anthropic: callClasses.map(() => 0),
    responses: callClasses.map(() => 0),
    openai: callClasses.map(() => 0),
  };
  readonly channels = new Map<string, ChannelCounts>();
  /** From the request's first attempt to the end of its answer. */
  readonly duration = { streaming: new SecondsHistogram(durationBounds), whole: new SecondsHistogram(durationBounds) };
  /** From the request's first attempt to the first byte of the answer it got. */
  readonly firstByte = { streaming: new SecondsHistogram(firstByteBounds), whole: new SecondsHistogram(firstByteBounds) };

  record(attempts: readonly AttemptRecord[]): void {
    const first = attempts[0];
    if (first === undefined) return;
    for (const attempt of attempts) {
      if (attempt.channelName !== undefined) this.countAttempt(attempt.channelName, attempt);
      if (attempt.final) this.countRequest(first, attempt);
    }
  }

  private countAttempt(channelName: string, attempt: AttemptRecord): void {
    const counts = this.countsOf(channelName);
    const index = classIndexOf(attempt);
    counts.attempts[index] = (counts.attempts[index] ?? 0) + 1;
    const { usage } = attempt;
    if (usage === undefined) return;
    counts.inputTokens += usage.inputTokens;
    counts.outputTokens += usage.outputTokens;
    counts.cacheReadTokens += usage.cacheReadTokens;
    counts.cacheCreationTokens += usage.cacheCreationTokens;
  }

  private countRequest(first: AttemptRecord, final: AttemptRecord): void {
    const requests = this.requests[dialectOf(final.path)];
    const index = classIndexOf(final);
    requests[index] = (requests[index] ?? 0) + 1;
    const kind = final.isStreaming ? 'streaming' : 'whole';
    // The clock may have been set back between two attempts.
    const waitedMs = Math.max(0, final.time - first.time);
    this.duration[kind].add((waitedMs + final.durationMs) / secondMs);
    if (final.firstByteMs !== undefined) this.firstByte[kind].add((waitedMs + final.firstByteMs) / secondMs);
  }

  private countsOf(channelName: string): ChannelCounts {
    const known = this.channels.get(channelName);
    if (known !== undefined) return known;
    const name = this.channels.size < channelLabelsMax ? channelName : otherChannels;
    const counts = this.channels.get(name) ?? new ChannelCounts();
    this.channels.set(name, counts);
    return counts;
  }
}
