import { STATUS_CODES } from 'node:http';
import type { SessionAffinity } from '../domain/affinity.js';
import { mostTelling } from '../domain/best-refusal.js';
import type { Route, Tier } from '../domain/catalog.js';
import type { ChannelId } from '../domain/channel.js';
import { messageOf, nextAfter, penaltyFor, statusOf } from '../domain/failure.js';
import { noChannel } from '../domain/no-channel.js';
import type { Outcome } from '../domain/outcome.js';
import type { ChannelDirectory, CooldownBook, RotationCursor, TraceHeaders } from '../domain/ports.js';
import type { RetryBudget } from '../domain/retry-budget.js';
import type { Standing, Trial } from '../domain/cooldown.js';
import { chooseEarlyProbe, chooseRoute, firstToWake, type Choice } from '../domain/selection.js';
import { secondMs, type EpochMs } from '../domain/time.js';
import type { AttemptLimits, AttemptResult } from './attempt-terms.js';
import { Attempt } from './attempt.js';
import type { CallStory } from './call-story.js';
import { cutOffByShutdown, doNotRetry, type GatewayError } from './error-reply.js';
import { upstreamRequestHeaders, type RawHeaders } from './headers.js';
import type { HeldAnswer } from './held-answer.js';
import type { HopMarks } from './hop-marks.js';
import { withoutKeyEcho } from './key-echo.js';
import type { ModelCall } from './model-call.js';
import type { Upstreams } from './upstream.js';

/** What delivery works with: memory and sockets. */
export interface DeliveryMeans {
  readonly directory: ChannelDirectory;
  readonly cooldowns: CooldownBook;
  readonly rotation: RotationCursor;
  readonly affinity: SessionAffinity;
  readonly budget: RetryBudget;
  readonly upstreams: Upstreams;
  readonly limits: AttemptLimits;
  readonly traces: TraceHeaders;
  readonly hops: HopMarks;
}

/** What is left to do for the client, and which attempt the answer came from (`undefined`: the last one, or none). */
export type Ending =
  /** An attempt has served it. */
  | { readonly kind: 'served'; readonly attempt: number }
  /** An upstream's refusal is to be relayed as it came. */
  | { readonly kind: 'refused'; readonly answer: HeldAnswer; readonly ours: RawHeaders; readonly attempt: number }
  | { readonly kind: 'failed'; readonly error: GatewayError; readonly attempt: number | undefined }
  | { readonly kind: 'client-left' };

/** An upstream's answer that was put aside because another channel might do better. */
interface KeptAnswer {
  readonly status: number;
  readonly channelId: ChannelId;
  readonly attempt: number;
  readonly answer: HeldAnswer | undefined;
  readonly outcome: Outcome;
}

/** Tries channel after channel until one serves the client, the answer is the client's to hear, or none is left. */
export const deliver = async (call: ModelCall, story: CallStory, means: DeliveryMeans): Promise<Ending> => {
  const tried = new Set<ChannelId>();
  const kept: KeptAnswer[] = [];
  let last: Outcome | undefined;

  while (tried.size < means.budget.channelsAllowed(Date.now())) {
    if (call.downstream.hasLeft) return { kind: 'client-left' };
    const choice = choose(call, tried, story, means);
    if (choice === undefined) break;
    const { channel } = choice.route;
    if (choice.because !== 'rotation' || tried.size > 0) story.note(channel, whyChosen[choice.because]);
    tried.add(channel.id);

    const result = await tryChannel(call, choice, story, means);
    const { outcome } = result;
    const attempt = story.attempts;
    if (result.committed) return { kind: 'served', attempt };
    if (outcome.kind === 'client-left') return { kind: 'client-left' };
    if (outcome.kind === 'cut-off') return { kind: 'failed', attempt, error: cutOffByShutdown };

    const answer: KeptAnswer = { status: statusOf(outcome), channelId: channel.id, attempt, answer: result.held, outcome };
    if (nextAfter(outcome) === 'finish') return tell(answer, story);
    if (outcome.kind === 'refused' || outcome.kind === 'disguised') kept.push(answer);
    last = outcome;
  }

  const telling = mostTelling(kept);
  if (telling !== undefined) return tell(telling, story);
  return last === undefined ? nobody(call, means) : unreachable(last);
};

const whyChosen: Readonly<Record<Choice['because'], string>> = {
  affinity: 'chosen: it served this session last',
  home: 'chosen: the home of this session among its equals',
  rotation: 'chosen: next in turn',
  'early-probe': 'chosen: everyone is cooling and this channel wakes first',
};

/** Selection with the living state behind it. Turns the ring; the probe place, where one is needed, is taken with the trial. */
const choose = (call: ModelCall, tried: ReadonlySet<ChannelId>, story: CallStory, means: DeliveryMeans): Choice | undefined => {
  const tiers = means.directory.catalog.tiersByModel.get(call.model);
  if (tiers === undefined) return undefined;
  const now = Date.now();
  const standing = standingAt(call.model, now, means);
  const position = (tier: Tier): number => means.rotation.position(call.model, tier.priority);
  const conversation = call.session === undefined ? undefined : { session: call.session, model: call.model };
  const preferred = conversation && means.affinity.preferred(conversation, now);
  const rank = conversation && means.affinity.rank(conversation);
  // Later selections of the same request walk past the same channels; the first one has told why.
  const passedOver = tried.size > 0 ? {} : { passedOver: tellPassedOver(story, now) };
  const choice =
    chooseRoute({ tiers, standing, position, tried, preferred, rank, ...passedOver }) ??
    (tried.size === 0 ? chooseEarlyProbe(tiers, standing, now) : undefined);
  if (choice === undefined) return undefined;
  if (choice.nextPosition !== undefined) means.rotation.moveTo(call.model, choice.tier.priority, choice.nextPosition);
  return choice;
};

const tellPassedOver =
  (story: CallStory, now: EpochMs) =>
  ({ channel }: Route, standing: Standing): void => {
    if (standing.kind === 'open') return;
    const seconds = standing.kind === 'cooling' ? Math.ceil((standing.until - now) / secondMs) : 0;
    const state = standing.kind === 'cooling' ? `cooling for another ${seconds} s` : 'half-open, and another request is probing it';
    story.note(channel, `passed over: ${state} (${standing.reason})`);
  };

const standingAt =
  (model: string, now: EpochMs, means: DeliveryMeans) =>
  ({ channel }: Route) =>
    means.cooldowns.standing(channel.id, model, now);

/** One channel, tried, judged and recorded. A connection that had gone stale is nobody's fault: it is tried once more. */
const tryChannel = async (call: ModelCall, choice: Choice, story: CallStory, means: DeliveryMeans): Promise<AttemptResult> => {
  const { channel } = choice.route;
  const start = performance.now();
  const trial: Trial = { channelId: channel.id, model: call.model, startedAt: Date.now() };
  const attempt = story.attempts + 1;
  const onCommit = (): void => {
    call.live.committedAt = Date.now();
    means.cooldowns.commit(trial);
  };
  call.live.channelId = channel.id;
  call.live.attempt = attempt;
  const sending: Sending = { call, route: choice.route, attempt, onCommit };

  if (choice.needsProbe) means.cooldowns.beginProbe(trial);
  try {
    let result = await send(sending, false, means);
    if (nextAfter(result.outcome) === 'same-channel') {
      story.note(channel, 'the kept-alive connection had been closed: sent again on a fresh one');
      result = await send(sending, true, means);
    }
    if (result.outcome.kind !== 'complete') result = withoutKeyEcho(result, channel.keys[0]?.secret ?? '');
    const { outcome } = result;
    judge(call, trial, outcome, means);
    const durationMs = performance.now() - start;
    const happening = { startedAt: trial.startedAt, durationMs, statusCode: statusOf(outcome), message: messageOf(outcome) };
    story.attempted(channel, happening, result);
    return result;
  } finally {
    // Whoever ended without a verdict (the client left, the refusal was the client's own, a bug) makes room for the next probe.
    if (choice.needsProbe) means.cooldowns.endProbe(trial);
  }
};

interface Sending {
  readonly call: ModelCall;
  readonly route: Route;
  readonly attempt: number;
  readonly onCommit: () => void;
}

const send = ({ call, route, attempt, onCommit }: Sending, fresh: boolean, means: DeliveryMeans): Promise<AttemptResult> => {
  const { channel, endpoint } = route;
  const { dialect, path, body, isStreaming, downstream } = call;
  const headers = upstreamRequestHeaders(call.headers, endpoint, channel.keys[0]?.secret ?? '');
  means.traces.add(headers, call, attempt);
  means.hops.add(headers, endpoint);
  const request = {
    dialect,
    path,
    body,
    isStreaming,
    target: endpoint.pathPrefix + call.target,
    headers,
    ours: oursFor(call.requestId, channel.id, attempt),
  };
  const lease = means.upstreams.lend(endpoint.origin, fresh);
  return Attempt.run(request, { lease, downstream, limits: means.limits, onCommit });
};

/** The two questions of failures §2 that look back: whom to cool, and who has earned trust. */
const judge = (call: ModelCall, trial: Trial, outcome: Outcome, means: DeliveryMeans): void => {
  const now = Date.now();
  const penalty = penaltyFor(outcome, now);
  if (penalty !== undefined) {
    means.cooldowns.penalise(trial, penalty, now);
    means.budget.noteAttempt(false, now);
  } else if (outcome.kind === 'complete') {
    means.cooldowns.succeed(trial);
    means.budget.noteAttempt(true, now);
    if (call.session !== undefined) means.affinity.remember({ session: call.session, model: call.model }, trial.channelId, now);
  }
};

const oursFor = (requestId: string, channelId: ChannelId, attempts: number): RawHeaders => [
  'x-ccload-request-id',
  requestId,
  'x-ccload-channel',
  String(channelId),
  'x-ccload-attempts',
  String(attempts),
];

/** The client hears what an upstream said: unchanged where it was held whole, else in our words under the same status. */
const tell = (kept: KeptAnswer, story: CallStory): Ending => {
  const { answer, attempt, status, outcome } = kept;
  if (answer?.isWhole === true) {
    const { requestId } = story;
    // The phrase belongs to the status it came with: an error inside HTTP 200 is no "529 OK".
    const statusMessage = status === answer.status ? answer.statusMessage : (STATUS_CODES[status] ?? '');
    return { kind: 'refused', attempt, answer: { ...answer, status, statusMessage }, ours: oursFor(requestId, kept.channelId, story.attempts) };
  }
  const message = `The request failed: ${messageOf(outcome)}.`;
  const headers = ['x-ccload-channel', String(kept.channelId), 'x-ccload-attempts', String(story.attempts), ...retryAfter(outcome)];
  return { kind: 'failed', attempt, error: { status, message, headers } };
};

const retryAfter = (outcome: Outcome): readonly string[] => {
  const header = outcome.kind === 'refused' ? outcome.refusal.header : outcome.kind === 'disguised' ? outcome.header : undefined;
  const value = header?.('retry-after');
  return value === undefined ? [] : ['retry-after', value];
};

/** Channels were tried and none answered at all. */
const unreachable = (outcome: Outcome): Ending => ({
  kind: 'failed',
  attempt: undefined,
  error: { status: statusOf(outcome), message: `No channel could answer; the last one failed: ${messageOf(outcome)}.`, code: 'upstream_unavailable' },
});

/** Nobody could even be tried. */
const nobody = (call: ModelCall, means: DeliveryMeans): Ending => {
  const now = Date.now();
  const { catalog } = means.directory;
  const tiers = catalog.tiersByModel.get(call.model);
  const first = tiers === undefined ? undefined : firstToWake(tiers, standingAt(call.model, now, means), now);
  const { message, retryAfterSeconds } = noChannel(catalog, call.model, first && { ...first, now });
  const headers = retryAfterSeconds === undefined ? doNotRetry : ['retry-after', String(retryAfterSeconds)];
  return { kind: 'failed', attempt: undefined, error: { status: 503, message, code: 'no_channel', headers } };
};
