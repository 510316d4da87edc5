/** Client requests of a span of time. A client that left (499) is in the total and in neither of the others. */
export interface RequestSummary {
  readonly totalRequests: number;
  /** Answered with 2xx. */
  readonly successRequests: number;
  readonly errorRequests: number;
}

/** From one moment to another, in steps. */
export interface CurveSpan {
  /** A multiple of `stepMs`. */
  readonly since: number;
  /** Not included; a multiple of `stepMs` too. */
  readonly until: number;
  /** A whole number of minutes. */
  readonly stepMs: number;
}

/** Requests through one channel. */
export interface ChannelPointView {
  readonly success: number;
  readonly error: number;
}

/** All requests of one step of a curve; steps without a request are left out. */
export interface CurveStep {
  /** Start of the step. */
  readonly start: number;
  readonly success: number;
  readonly error: number;
  /** JSON: `{ name: { success, error } }` of the channels that were used. */
  readonly channels: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
  /** Successes whose first byte was seen, and the seconds they took to it, summed. */
  readonly firstByteCount: number;
  readonly firstByteSum: number;
}

/** What requests add up to. */
export interface RequestCounts {
  readonly success: number;
  readonly error: number;
  readonly clientLeft: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
  /** Successes whose first byte was seen, and the seconds they took to it, summed. */
  readonly firstByteCount: number;
  readonly firstByteSum: number;
  /** Those successes per latency class; all 0 for minutes that were counted before there were classes. */
  readonly firstByteCounts: readonly number[];
}

/** One step of the curves of a channel, or of all requests. */
export interface TrendStep extends RequestCounts {
  readonly start: number;
  /** 0 for requests that no channel was tried for, and for all requests together. */
  readonly channelId: number;
}

/** What requests for one model through one channel came to. */
export interface KindStatistics extends RequestCounts {
  /** 0 for requests that no channel was tried for. */
  readonly channelId: number;
  readonly channelName: string;
  readonly model: string;
  /** Seconds, summed over successes. */
  readonly durationSum: number;
  /** Successes per latency class. */
  readonly durationCounts: readonly number[];
}
