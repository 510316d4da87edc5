import type { AttemptRecord, TraceStep } from '../../src/domain/call.js';
import { hourMs, secondMs, type EpochMs } from '../../src/domain/time.js';
import { demoChannels, type DemoChannel } from './demo-channels.js';

/** Requests in the busiest hour of a working day. */
const busiestHourRequests = 260;
const days = 7;

/** How busy each hour of a day is, 1 at its peak: two slopes and a lunch break. */
const hourShares = [0.1, 0.06, 0.04, 0.03, 0.04, 0.08, 0.2, 0.42, 0.7, 0.92, 1, 0.9, 0.62, 0.78, 0.96, 0.98, 0.84, 0.66, 0.5, 0.42, 0.36, 0.3, 0.22, 0.15];
const weekendShare = 0.35;
/** The demo begins on a Thursday at three in the afternoon, whenever it begins, so that every picture shows the same day. */
const hourNow = 15;
const isWeekend = (daysAgo: number): boolean => daysAgo === 4 || daysAgo === 5;

/** For half an hour, four hours ago, much went wrong. */
const incident = { fromMs: 4 * hourMs, untilMs: 3.5 * hourMs, failureShare: 0.62 } as const;

/** Numbers in [0, 1), the same ones each time: pictures of two days can be laid side by side. mulberry32. */
const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

type Roll = () => number;

/** Skewed as latencies and sizes are: `typical` most of the time, many times that now and then. */
const skewed = (roll: Roll, typical: number): number => typical * Math.exp(0.75 * (roll() + roll() + roll() - 1.5));
const oneOf = <Items extends readonly [unknown, ...unknown[]]>(roll: Roll, items: Items): Items[number] =>
  items[Math.floor(roll() * items.length)] ?? items[0];

const idOf = (roll: Roll, time: EpochMs): string => {
  const hex = (digits: number): string => Math.floor(roll() * 16 ** digits).toString(16).padStart(digits, '0');
  const stamp = time.toString(16).padStart(12, '0');
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
};

const models = [
  { name: 'claude-sonnet-4-5', share: 0.52, path: '/v1/messages', input: 3_100, cached: 21_000 },
  { name: 'gpt-5-codex', share: 0.22, path: '/v1/responses', input: 5_200, cached: 14_000 },
  { name: 'claude-opus-4-1', share: 0.12, path: '/v1/messages', input: 4_000, cached: 30_000 },
  { name: 'claude-haiku-4-5', share: 0.09, path: '/v1/messages', input: 900, cached: 0 },
  { name: 'gpt-5-mini', share: 0.05, path: '/v1/chat/completions', input: 1_200, cached: 0 },
] as const;
type Model = (typeof models)[number];

const modelOf = (roll: Roll): Model => {
  let left = roll();
  return models.find(({ share }) => (left -= share) < 0) ?? models[0];
};

const failures = [
  [529, 'upstream answered 529 (overloaded_error)'],
  [429, 'upstream answered 429 (rate_limit_error)'],
  [502, 'upstream unreachable: connection refused'],
  [504, 'timeout: no event came in time'],
  [500, 'upstream answered 500 (api_error)'],
] as const;

/** What every attempt of one request shares. */
const requestOf = (roll: Roll, time: EpochMs, model: Model) => ({
  time,
  requestId: idOf(roll, time),
  model: model.name,
  path: model.path,
  isStreaming: roll() < 0.9,
  usageIncomplete: false,
  clientIp: oneOf(roll, ['10.0.4.12', '10.0.4.31', '10.0.7.8', '127.0.0.1']),
  tokenLabel: oneOf(roll, ['token 1', 'token 2', 'token 3']),
});
type DemoRequest = ReturnType<typeof requestOf>;

/** How an attempt ended. */
type End = Pick<AttemptRecord, 'statusCode' | 'message' | 'firstByteMs' | 'durationMs' | 'usage'>;

const succeeded = (roll: Roll, model: Model, channel: DemoChannel): End => {
  const firstByteMs = skewed(roll, channel.firstByteMs);
  const outputTokens = Math.round(skewed(roll, 420));
  const usage = {
    inputTokens: Math.round(skewed(roll, model.input)),
    outputTokens,
    cacheReadTokens: Math.round(skewed(roll, model.cached)),
    cacheCreationTokens: Math.round(skewed(roll, model.cached / 12)),
  };
  return { statusCode: 200, message: '', firstByteMs, durationMs: firstByteMs + outputTokens * (9 + 8 * roll()), usage };
};

const failed = (roll: Roll): End => {
  const [statusCode, message] = oneOf(roll, failures);
  return { statusCode, message, firstByteMs: undefined, durationMs: skewed(roll, statusCode === 504 ? 60_000 : 900), usage: undefined };
};

const clientLeft = (roll: Roll): End => ({ statusCode: 499, message: 'client left', firstByteMs: undefined, durationMs: skewed(roll, 4_000), usage: undefined });

const attemptOf = (request: DemoRequest, channel: DemoChannel, attempt: number, end: End): AttemptRecord => ({
  ...request,
  ...end,
  attempt,
  final: false,
  channelId: channel.id,
  channelName: channel.name,
  trace: undefined,
});

const stepsOf = (attempts: readonly AttemptRecord[]): readonly TraceStep[] =>
  attempts.map(({ channelId = 0, channelName = '', attempt }) => ({ channelId, channelName, note: attempt === 1 ? 'chosen: it served this session last' : 'chosen: next in turn' }));

/** A request with its attempts: it moves on when a channel fails, best priority first. */
const callOf = (roll: Roll, time: EpochMs, extraFailures: number): readonly AttemptRecord[] => {
  const model = modelOf(roll);
  const request = requestOf(roll, time, model);
  const able = demoChannels.filter((channel) => channel.enabled && channel.models.includes(model.name));
  const attempts: AttemptRecord[] = [];
  for (const channel of able) {
    const isFailing = roll() < Math.max(channel.failureShare, extraFailures);
    const end = isFailing ? failed(roll) : roll() < 0.012 ? clientLeft(roll) : succeeded(roll, model, channel);
    const startedAt = time + attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
    attempts.push({ ...attemptOf(request, channel, attempts.length + 1, end), time: Math.round(startedAt) });
    if (!isFailing) break;
  }
  return attempts.map((attempt, index) =>
    index < attempts.length - 1 ? attempt : { ...attempt, final: true, trace: attempts.length > 1 ? stepsOf(attempts) : undefined });
};

const requestsIn = (roll: Roll, hoursAgo: number): number => {
  const share = hourShares[(hourNow + 24 * days - hoursAgo) % 24] ?? 0;
  return Math.round(busiestHourRequests * share * (isWeekend(Math.floor((hoursAgo + 23 - hourNow) / 24)) ? weekendShare : 1) * (0.85 + 0.3 * roll()));
};

/** The log rows of a week that ended at `now`, oldest first: working days, some failovers, some errors, some hang-ups. */
export const demoTraffic = (now: EpochMs): readonly AttemptRecord[] => {
  const roll = dice(20_251_125);
  const rows: AttemptRecord[] = [];
  for (let hoursAgo = 24 * days; hoursAgo > 0; hoursAgo -= 1) {
    for (let left = requestsIn(roll, hoursAgo - 1); left > 0; left -= 1) {
      const agoMs = Math.floor((hoursAgo - roll()) * hourMs);
      const isIncident = agoMs < incident.fromMs && agoMs > incident.untilMs;
      rows.push(...callOf(roll, now - agoMs, isIncident ? incident.failureShare : 0));
    }
  }
  return rows.filter(({ time, durationMs }) => time + durationMs < now - secondMs).sort((one, other) => one.time - other.time);
};
