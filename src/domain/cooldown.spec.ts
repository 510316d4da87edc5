import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cooldownMsMax,
  earlyProbeEveryMs,
  hintMsMax,
  isCooling,
  isForgotten,
  isFromBefore,
  mayProbeEarly,
  operatorReason,
  penalise,
  standingOf,
  stricter,
  type Cooldown,
  type Penalty,
  type Standing,
} from './cooldown.js';
import { hourMs, minuteMs, secondMs } from './time.js';

const now = 1_777_900_000_000;
/** The jitter that changes nothing. */
const even = 0.5;
const outage: Penalty = { scope: 'channel', firstMs: secondMs, reason: 'server error' };
const limit = (hintMs: number): Penalty => ({ scope: 'model', firstMs: secondMs, hintMs, reason: 'rate limit' });

/** Imposed `now`, for 10 s. */
const tenSeconds: Cooldown = { until: now + 10_000, durationMs: 10_000, since: now, reason: 'server error', proven: false };
/** Imposed `now`, by hand, for 10 s. */
const order: Cooldown = { ...tenSeconds, reason: operatorReason };

describe('a cooldown', () => {
  it.each([
    ['when it is imposed', 0, true, false],
    ['just before its end', 9_999, true, false],
    ['at its end', 10_000, false, false],
    ['just before it has been quiet for twice its length', 29_999, false, false],
    ['when it has been quiet for twice its length', 30_000, false, true],
  ])('%s: cooling %s, forgotten %s', (_when, afterMs, cooling, forgotten) => {
    expect(isCooling(tenSeconds, now + afterMs)).toBe(cooling);
    expect(isForgotten(tenSeconds, now + afterMs)).toBe(forgotten);
  });

  it('that followed a hint is remembered for twice the hinted length', () => {
    const hinted = { ...tenSeconds, until: now + hourMs };
    expect(isForgotten(hinted, now + 3 * hourMs - 1)).toBe(false);
    expect(isForgotten(hinted, now + 3 * hourMs)).toBe(true);
  });

  it('whose hint was shorter than the schedule is remembered for twice the schedule', () => {
    const hinted = { ...tenSeconds, until: now + 1 };
    expect(isForgotten(hinted, now + 20_000)).toBe(false);
    expect(isForgotten(hinted, now + 20_001)).toBe(true);
  });
});

describe('the standing of a scope', () => {
  const cooling = { until: now + 10_000, since: now, byHand: false, reason: 'server error' };

  it.each<[string, Cooldown | undefined, boolean, number, Standing]>([
    ['without a cooldown', undefined, false, 0, { kind: 'open' }],
    ['cooling', tenSeconds, false, 5_000, { kind: 'cooling', probing: false, ...cooling }],
    ['cooling and probed early', tenSeconds, true, 5_000, { kind: 'cooling', probing: true, ...cooling }],
    ['proven by an early probe', { ...tenSeconds, proven: true }, false, 5_000, { kind: 'open' }],
    ['cooling by hand', order, false, 5_000, { kind: 'cooling', probing: false, ...cooling, byHand: true, reason: operatorReason }],
    ['at the end', tenSeconds, false, 10_000, { kind: 'half-open', probing: false, reason: 'server error' }],
    ['at the end, probed', tenSeconds, true, 10_000, { kind: 'half-open', probing: true, reason: 'server error' }],
    ['proven', { ...tenSeconds, proven: true }, true, 10_000, { kind: 'open' }],
    ['forgotten', tenSeconds, false, 30_000, { kind: 'open' }],
    ['forgotten, with a probe still running', tenSeconds, true, 30_000, { kind: 'open' }],
  ])('%s', (...[, cooldown, probing, afterMs, expected]) => {
    expect(standingOf(cooldown, probing, now + afterMs)).toEqual(expected);
  });
});

describe('the stricter of two standings', () => {
  const open: Standing = { kind: 'open' };
  const half = (probing: boolean): Standing => ({ kind: 'half-open', probing, reason: 'half' });
  const cold = (until: number, since: number, probing: boolean, byHand = false): Standing => ({ kind: 'cooling', until, since, probing, byHand, reason: `until ${until}` });

  it.each<[string, Standing, Standing, Standing]>([
    ['open and open', open, open, open],
    ['open and half-open', open, half(false), half(false)],
    ['open and cooling', open, cold(9, 1, true), cold(9, 1, true)],
    ['half-open twice, one of them probed', half(true), half(false), half(true)],
    ['half-open and cooling', half(false), cold(9, 1, false), cold(9, 1, false)],
    ['half-open, probed, and cooling', half(true), cold(9, 1, false), cold(9, 1, true)],
    ['cooling twice: the later end', cold(9, 1, false), cold(5, 1, true), cold(9, 1, true)],
    ['cooling twice: the later beginning too, for it paces the probes', cold(9, 1, false), cold(5, 4, false), cold(9, 4, false)],
    ['cooling twice, the shorter by hand: an order all the same', cold(9, 1, false), cold(5, 1, false, true), cold(9, 1, false, true)],
  ])('of %s', (_title, a, b, expected) => {
    expect(stricter(a, b)).toEqual(expected);
    expect(stricter(b, a)).toEqual(expected);
  });
});

describe('an early probe', () => {
  const cold = (probing: boolean, since = now): Standing & { kind: 'cooling' } => ({
    kind: 'cooling',
    until: now + hourMs,
    since,
    probing,
    byHand: false,
    reason: 'rate limit',
  });

  it.each([
    ['not at once', cold(false), 0, false],
    ['not before the pace allows', cold(false), earlyProbeEveryMs - 1, false],
    ['when the pace allows', cold(false), earlyProbeEveryMs, true],
    ['not while another runs', cold(true), minuteMs, false],
    ['not against an order', { ...cold(false), byHand: true }, minuteMs, false],
    ['when the clock was set back since the cooldown began', cold(false), -minuteMs, true],
  ])('is made %s', (_when, standing, afterMs, expected) => {
    expect(mayProbeEarly(standing, now + afterMs)).toBe(expected);
  });

  it('that failed is the last for a while', () => {
    const probedAt = now + 5_000;
    const failedAt = now + 5_200;
    const after = standingOf(penalise(tenSeconds, outage, { startedAt: probedAt, now: failedAt, jitter: even }), false, failedAt);
    expect(after.kind === 'cooling' && mayProbeEarly(after, failedAt + earlyProbeEveryMs - 1)).toBe(false);
    expect(after.kind === 'cooling' && mayProbeEarly(after, failedAt + earlyProbeEveryMs)).toBe(true);
  });
});

describe('the first failure', () => {
  it('cools for the first duration of its kind', () => {
    expect(penalise(undefined, { ...outage, firstMs: 5 * minuteMs }, { startedAt: now - 50, now, jitter: even })).toEqual({
      until: now + 5 * minuteMs,
      durationMs: 5 * minuteMs,
      since: now,
      reason: 'server error',
      proven: false,
    });
  });

  it('starts afresh when the last cooldown is forgotten', () => {
    const later = now + 30_000;
    expect(penalise(tenSeconds, outage, { startedAt: later - 50, now: later, jitter: even })).toMatchObject({ until: later + 1_000, durationMs: 1_000 });
  });

  it.each([
    [0, 0.9],
    [0.25, 0.95],
    [0.5, 1],
    [0.999999, 1.1],
  ])('with jitter %d lasts %d times the schedule', (jitter, factor) => {
    const { until, durationMs } = penalise(undefined, { ...outage, firstMs: minuteMs }, { startedAt: now, now, jitter });
    expect(until - now).toBe(minuteMs * factor);
    expect(durationMs).toBe(minuteMs);
  });
});

describe('further failures', () => {
  it('double until the maximum, each beginning after the last cooldown', () => {
    let cooldown: Cooldown | undefined;
    let at = now;
    const seconds: number[] = [];
    for (let failure = 0; failure < 13; failure += 1) {
      cooldown = penalise(cooldown, outage, { startedAt: at, now: at, jitter: even });
      seconds.push((cooldown.until - at) / 1000);
      at = cooldown.until;
    }
    expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1800, 1800]);
  });

  it('never cool longer than the maximum, jitter included', () => {
    const longest = { ...tenSeconds, durationMs: cooldownMsMax };
    const at = longest.until;
    expect(penalise(longest, outage, { startedAt: at, now: at, jitter: 0.999 }).until - at).toBe(cooldownMsMax);
    expect(penalise(longest, outage, { startedAt: at, now: at, jitter: 0 }).until - at).toBe(0.9 * cooldownMsMax);
  });

  it('double the schedule, not what jitter or a hint made of it', () => {
    const hinted = penalise(undefined, limit(30 * secondMs), { startedAt: now, now, jitter: even });
    expect(hinted).toMatchObject({ until: now + 30_000, durationMs: 1_000 });
    expect(penalise(hinted, outage, { startedAt: hinted.until, now: hinted.until, jitter: even })).toMatchObject({ until: hinted.until + 2_000, durationMs: 2_000 });
  });

  it('of a graver kind cool at least for its first duration', () => {
    const at = tenSeconds.until;
    expect(penalise(tenSeconds, { ...outage, firstMs: 5 * minuteMs, reason: 'key refused' }, { startedAt: at, now: at, jitter: even })).toMatchObject({
      durationMs: 5 * minuteMs,
      reason: 'key refused',
    });
  });

  it('after a probe had proven the channel double too, and take the proof back', () => {
    const at = tenSeconds.until + 1_000;
    expect(penalise({ ...tenSeconds, proven: true }, outage, { startedAt: at - 500, now: at, jitter: even })).toMatchObject({ durationMs: 20_000, proven: false });
  });
});

describe('failures of one episode', () => {
  it.each([
    ['while it cools', now + 5_000],
    ['after it cooled', now + 15_000],
  ])('that arrive %s count once', (_when, at) => {
    expect(penalise(tenSeconds, outage, { startedAt: now - 1, now: at, jitter: even })).toEqual(tenSeconds);
  });

  it('do not take back what a probe has proven meanwhile', () => {
    const proven = { ...tenSeconds, proven: true };
    expect(penalise(proven, outage, { startedAt: now - 1, now: now + 15_000, jitter: even }).proven).toBe(true);
  });

  it('a hint may lengthen the cooldown, but not shorten it', () => {
    const at = now + 100;
    expect(penalise(tenSeconds, limit(60_000), { startedAt: now - 1, now: at, jitter: even })).toMatchObject({ until: at + 60_000, since: now, durationMs: 10_000 });
    expect(penalise(tenSeconds, limit(1_000), { startedAt: now - 1, now: at, jitter: even })).toMatchObject({ until: now + 10_000, since: now });
  });

  it('N parallel failures leave what one leaves', () => {
    const one = penalise(undefined, outage, { startedAt: now - 100, now, jitter: even });
    let many = one;
    for (let i = 0; i < 50; i += 1) many = penalise(many, outage, { startedAt: now - 100 + i, now: now + i, jitter: even });
    expect(many).toEqual(one);
  });
});

describe('a failed early probe', () => {
  it('confirms the outage without stretching the cooldown', () => {
    const at = now + 5_000;
    expect(penalise(tenSeconds, outage, { startedAt: at - 200, now: at, jitter: even })).toEqual({ ...tenSeconds, since: at });
  });

  it('that outlasted the cooldown leaves the channel half-open, not forgotten', () => {
    const at = now + 29_999;
    const after = penalise(tenSeconds, outage, { startedAt: now + 5_000, now: at, jitter: even });
    expect(standingOf(after, false, at + 1).kind).toBe('half-open');
    expect(isForgotten(after, at + 19_999)).toBe(false);
    expect(isForgotten(after, at + 20_000)).toBe(true);
  });

  it('takes back what an earlier probe had proven', () => {
    const at = now + 5_000;
    expect(penalise({ ...tenSeconds, proven: true }, outage, { startedAt: at - 200, now: at, jitter: even }).proven).toBe(false);
  });

  it('brings a newer hint, which decides in both directions', () => {
    const at = now + 5_000;
    expect(penalise(tenSeconds, limit(60_000), { startedAt: at - 200, now: at, jitter: even })).toMatchObject({ until: at + 60_000, durationMs: 10_000 });
    expect(penalise(tenSeconds, limit(1_000), { startedAt: at - 200, now: at, jitter: even })).toMatchObject({ until: at + 1_000, durationMs: 10_000 });
  });
});

describe('a hint', () => {
  it.each([
    ['decides without jitter', 7_000, 7_000],
    ['of more than an hour is probed each hour', 5 * 24 * hourMs, hintMsMax],
    ['of no end is probed each hour', Number.POSITIVE_INFINITY, hintMsMax],
    ['of exactly an hour holds', hourMs, hourMs],
    ['of nothing leaves the schedule', 0, 900],
    ['below nothing leaves the schedule', -1, 900],
    ['that is no number leaves the schedule', Number.NaN, 900],
  ])('%s', (_title, hintMs, expected) => {
    expect(penalise(undefined, limit(hintMs), { startedAt: now, now, jitter: 0 }).until - now).toBe(expected);
  });
});

it('any history of failures keeps every cooldown within its bounds', () => {
  const step = fc.record({
    pauseMs: fc.integer({ min: 0, max: 2 * hourMs }),
    attemptMs: fc.integer({ min: 0, max: 10 * minuteMs }),
    firstMs: fc.constantFrom(secondMs, minuteMs, 5 * minuteMs),
    hintMs: fc.option(fc.integer({ min: -10, max: 40 * 24 * hourMs }), { nil: 0 }),
    jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let cooldown: Cooldown | undefined;
      let at = now;
      for (const { pauseMs, attemptMs, firstMs, hintMs, jitter } of steps) {
        at += pauseMs;
        cooldown = penalise(cooldown, { scope: 'channel', firstMs, hintMs, reason: 'x' }, { startedAt: at - attemptMs, now: at, jitter });
        expect(cooldown.durationMs >= secondMs && cooldown.durationMs <= cooldownMsMax).toBe(true);
        expect(cooldown.until - at).toBeLessThanOrEqual(hintMsMax);
        expect(isForgotten(cooldown, at)).toBe(false);
      }
    }),
  );
});

describe('a cooldown by hand', () => {
  it.each([
    ['imposes another', outage],
    ['names a time to wait', limit(hourMs)],
  ])('is not touched by a failure under way that %s', (_what, penalty) => {
    expect(penalise(order, penalty, { startedAt: now - 1, now: now + 1, jitter: even })).toEqual(order);
    expect(penalise(order, penalty, { startedAt: now + 1, now: now + 2, jitter: even })).toEqual(order);
  });

  it('is over at its end, like any other', () => {
    expect(isFromBefore({ startedAt: now + 9_999 }, order)).toBe(true);
    expect(isFromBefore({ startedAt: now + 10_000 }, order)).toBe(false);
    expect(penalise(order, outage, { startedAt: now + 10_000, now: now + 10_000, jitter: even })).toMatchObject({ since: now + 10_000, reason: 'server error' });
  });
});
