import type { CallsUnderWay, CallUnderWay } from '../domain/ports.js';

/** Calls shown at a time, those that began first. */
export const liveCallsShownMax = 200;

/** A model call under way. Moments are unix ms. */
export interface LiveCallView {
  readonly request_id: string;
  readonly received_at: number;
  /** Empty until the body has been read. */
  readonly model: string;
  readonly is_streaming: boolean;
  /** The channel that is tried, or serves; `null` before the first. */
  readonly channel_id: number | null;
  readonly attempt: number;
  /** When the answer began to reach the client. */
  readonly committed_at: number | null;
  /** Body bytes handed to the client so far. */
  readonly bytes: number;
}

export interface LiveView {
  /** All calls under way, also those that are not shown. */
  readonly total: number;
  readonly calls: readonly LiveCallView[];
}

const callView = (call: CallUnderWay): LiveCallView => ({
  request_id: call.requestId,
  received_at: call.receivedAt,
  model: call.model,
  is_streaming: call.isStreaming,
  channel_id: call.channelId ?? null,
  attempt: call.attempt,
  committed_at: call.committedAt ?? null,
  bytes: call.bytes,
});

/** What is under way now. */
export const liveView = (source: CallsUnderWay | undefined): LiveView => {
  const calls: LiveCallView[] = [];
  for (const call of source?.calls ?? []) {
    if (calls.length >= liveCallsShownMax) break;
    calls.push(callView(call));
  }
  return { total: source?.size ?? 0, calls };
};
