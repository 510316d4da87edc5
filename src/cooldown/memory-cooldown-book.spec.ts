import { describe, expect, it } from '@jest/globals';
import { operatorReason, type Penalty, type Trial } from '../domain/cooldown.js';
import { unheardMsMax } from '../domain/cooldown-merge.js';
import { minuteMs } from '../domain/time.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';
import { probeHoldMsFor, probeHoldMsMin } from './probe-places.js';
import type { CooldownChange } from './stored-cooldown.js';

/** Without jitter: 0.5 is the middle of ±10 %. */
const newBook = (): MemoryCooldownBook => new MemoryCooldownBook({ random: () => 0.5 });

const channelPenalty: Penalty = { scope: 'channel', firstMs: 1_000, reason: 'status 500' };
const modelPenalty: Penalty = { scope: 'model', firstMs: 1_000, reason: 'rate limit' };
const probeTime = 1_500;

const trial = (channelId: number, model: string, startedAt = probeTime): Trial => ({ channelId, model, startedAt });

/** Channel 1 failed at 0 and waits for its probe at `probeTime`. */
const halfOpenBook = (): MemoryCooldownBook => {
  const book = newBook();
  book.penalise(trial(1, 'm', 0), channelPenalty, 0);
  return book;
};

describe('a standing', () => {
  it('is open for whoever never failed', () => {
    expect(newBook().standing(1, 'm', 0)).toEqual({ kind: 'open' });
  });

  it('of a channel penalty holds for every model of that channel, and for no other channel', () => {
    const book = halfOpenBook();
    expect(book.standing(1, 'other', 999)).toMatchObject({ kind: 'cooling', until: 1_000, reason: 'status 500' });
    expect(book.standing(2, 'm', 999)).toEqual({ kind: 'open' });
  });

  it('of a model penalty holds for that model only', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    expect(book.standing(1, 'm', 500)).toMatchObject({ kind: 'cooling', reason: 'rate limit' });
    expect(book.standing(1, 'n', 500)).toEqual({ kind: 'open' });
  });

  it('is the stricter of the channel and the pair', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), { ...modelPenalty, firstMs: 5_000 }, 0);
    expect(book.standing(1, 'm', 2_000)).toMatchObject({ kind: 'cooling', until: 5_000 });
  });

  it('is half-open when the cooldown is over', () => {
    expect(halfOpenBook().standing(1, 'm', probeTime)).toEqual({ kind: 'half-open', probing: false, reason: 'status 500' });
  });

  it('takes 50 parallel failures for one', () => {
    const book = newBook();
    for (let at = 0; at < 50; at += 1) book.penalise(trial(1, 'm', 0), channelPenalty, at);
    expect(book.standing(1, 'm', 60)).toMatchObject({ kind: 'cooling', until: 1_000 });
  });
});

describe('a probe', () => {
  it('is made by one of 200 that ask at the same time', () => {
    const book = halfOpenBook();
    const admitted = Array.from({ length: 200 }, () => book.beginProbe(trial(1, 'm', probeTime))).filter(Boolean);
    expect(admitted).toHaveLength(1);
    expect(book.standing(1, 'm', probeTime)).toMatchObject({ kind: 'half-open', probing: true });
  });

  it('of a channel keeps probes for its other models out', () => {
    const book = halfOpenBook();
    expect(book.beginProbe(trial(1, 'm', probeTime))).toBe(true);
    expect(book.beginProbe(trial(1, 'n', probeTime))).toBe(false);
  });

  it('takes no place when one of two scopes is taken', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'n', 0), modelPenalty, 0);
    book.beginProbe(trial(1, 'm', probeTime));
    expect(book.beginProbe(trial(1, 'n', probeTime))).toBe(false);
    book.endProbe(trial(1, 'm'));
    expect(book.beginProbe(trial(1, 'n', probeTime))).toBe(true);
  });

  it('needs no place where everything is open', () => {
    const book = newBook();
    expect(book.beginProbe(trial(1, 'm', 0))).toBe(true);
    expect(book.beginProbe(trial(1, 'm', 0))).toBe(true);
  });

  it('that ends without a verdict makes room for the next one', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.endProbe(trial(1, 'm'));
    expect(book.standing(1, 'm', probeTime)).toMatchObject({ kind: 'half-open', probing: false });
    expect(book.beginProbe(trial(1, 'm', probeTime))).toBe(true);
  });

  it('keeps its place when another one gives back what it does not hold', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.endProbe(trial(1, 'n'));
    expect(book.beginProbe(trial(1, 'n', probeTime))).toBe(false);
  });

  it('keeps its place when an attempt from before the cooldown fails late', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 90), channelPenalty, 100);
    book.beginProbe(trial(1, 'm', 1_600));
    book.penalise(trial(1, 'm', 95), channelPenalty, 1_700);
    expect(book.standing(1, 'm', 1_700)).toMatchObject({ kind: 'half-open', probing: true });
  });

  it('that commits lets everyone in, before it has ended', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.commit(trial(1, 'm'));
    expect(book.standing(1, 'm', probeTime)).toEqual({ kind: 'open' });
    expect(book.standing(1, 'n', probeTime)).toEqual({ kind: 'open' });
  });

  it('ahead of time that commits lets everyone in, and shuts them out again until the same moment when an answer breaks', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 0), { ...channelPenalty, firstMs: 60_000 }, 0);
    book.beginProbe(trial(1, 'm', 2_000));
    book.commit(trial(1, 'm', 2_000));
    expect([book.standing(1, 'n', 2_001).kind, book.coolingUntil(1, 2_001)]).toEqual(['open', undefined]);
    book.penalise(trial(1, 'm', 2_000), channelPenalty, 2_500);
    expect(book.standing(1, 'm', 2_500)).toMatchObject({ kind: 'cooling', until: 60_000, since: 2_500 });
  });

  it('that commits and then breaks doubles the cooldown', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.commit(trial(1, 'm'));
    book.penalise(trial(1, 'm', probeTime), channelPenalty, 1_600);
    expect(book.standing(1, 'm', 1_600)).toMatchObject({ kind: 'cooling', until: 3_600, probing: false });
  });

  it('that fails doubles the cooldown and gives its place back', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.penalise(trial(1, 'm', probeTime), channelPenalty, probeTime);
    expect(book.standing(1, 'm', probeTime)).toMatchObject({ kind: 'cooling', until: 3_500, probing: false });
  });

  it('that succeeds resets the channel and the pair, but no other pair', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    book.penalise(trial(1, 'n', 0), modelPenalty, 0);
    book.beginProbe(trial(1, 'm', probeTime));
    book.succeed(trial(1, 'm'));
    expect(book.standing(1, 'm', probeTime)).toEqual({ kind: 'open' });
    expect(book.standing(1, 'n', probeTime)).toMatchObject({ kind: 'half-open', probing: false });
  });

  it('leaves no place behind when its cooldown was lifted meanwhile', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm', probeTime));
    book.succeed(trial(1, 'n'));
    book.succeed(trial(1, 'm'));
    book.penalise(trial(1, 'm', 2_000), channelPenalty, 2_000);
    expect(book.standing(1, 'm', 3_500)).toMatchObject({ kind: 'half-open', probing: false });
  });

  it('that nobody ever ends loses its place in the end', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 0), { ...channelPenalty, firstMs: 30 * minuteMs }, 0);
    book.beginProbe(trial(1, 'm', 30 * minuteMs));
    expect(book.beginProbe(trial(1, 'm', 30 * minuteMs + probeHoldMsMin - 1))).toBe(false);
    expect(book.beginProbe(trial(1, 'm', 30 * minuteMs + probeHoldMsMin))).toBe(true);
  });
});

describe('the time for which a probe place is held', () => {
  const usual = { connectTimeoutMs: 10_000, firstEventTimeoutMs: 60_000, responseTimeoutMs: 600_000 };

  it.each([
    ['a quarter of an hour at least', { ...usual, responseTimeoutMs: 60_000 }, probeHoldMsMin],
    ['longer than an answer may take, also at the second try', { ...usual, responseTimeoutMs: 20 * minuteMs }, 2 * (20 * minuteMs + 10_000)],
    ['longer than a stream may take to begin', { ...usual, firstEventTimeoutMs: 20 * minuteMs }, 2 * (20 * minuteMs + 10_000)],
  ])('is %s', (_what, times, holdMs) => {
    expect(probeHoldMsFor(times)).toBe(holdMs);
    const book = new MemoryCooldownBook({ random: () => 0.5, probeHoldMs: holdMs });
    book.penalise(trial(1, 'm', 0), { ...channelPenalty, firstMs: 30 * minuteMs, hintMs: 60 * minuteMs }, 0);
    book.beginProbe(trial(1, 'm', 60 * minuteMs));
    expect([-1, 0].map((ms) => book.beginProbe(trial(1, 'n', 60 * minuteMs + holdMs + ms)))).toEqual([false, true]);
  });
});

describe("the operator's hand", () => {
  it('cools a channel at once and shows it', () => {
    const book = newBook();
    book.set(1, 60_000, 100);
    expect(book.coolingUntil(1, 100)).toEqual({ until: 60_100, reason: operatorReason });
    expect(book.coolingUntil(1, 60_100)).toBeUndefined();
    expect(book.standing(1, 'm', 100)).toMatchObject({ kind: 'cooling', until: 60_100 });
  });

  it('is not overruled by an answer that was under way', () => {
    const book = newBook();
    book.set(1, 60_000, 100);
    book.commit(trial(1, 'm', 50));
    book.succeed(trial(1, 'm', 50));
    expect(book.coolingUntil(1, 200)).toMatchObject({ until: 60_100 });
  });

  it('is not overruled by whoever began before it had ended, nor cut short by their failure', () => {
    const book = newBook();
    book.set(1, 60_000, 100);
    book.commit(trial(1, 'm', 200));
    book.succeed(trial(1, 'm', 200));
    book.penalise(trial(1, 'm', 200), { ...channelPenalty, hintMs: 1_000 }, 300);
    expect(book.standing(1, 'm', 400)).toMatchObject({ kind: 'cooling', until: 60_100, byHand: true, reason: operatorReason });
  });

  it('is still an order after a restart', () => {
    const book = newBook();
    const next = newBook();
    book.set(1, 60_000, 100);
    next.restore(book.all(), 200);
    next.succeed(trial(1, 'm', 200));
    expect(next.standing(1, 'm', 300)).toMatchObject({ kind: 'cooling', until: 60_100, byHand: true });
  });

  it('is lifted by the probe that follows', () => {
    const book = newBook();
    book.set(1, 60_000, 100);
    const probe = trial(1, 'm', 60_100);
    book.beginProbe(probe);
    book.commit(probe);
    book.succeed(probe);
    expect(book.size).toBe(0);
  });

  it('clears the channel and all its pairs, and frees a probe place', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    book.penalise(trial(2, 'm', 0), modelPenalty, 0);
    book.beginProbe(trial(1, 'm', probeTime));
    book.clear(1, probeTime);
    expect(book.standing(1, 'm', probeTime)).toEqual({ kind: 'open' });
    expect(book.size).toBe(1);
  });

  it('that clears a channel ends what attempts under way will say of it, but not what later ones do', () => {
    const book = newBook();
    book.clear(1, 100);
    book.penalise(trial(1, 'm', 50), channelPenalty, 200);
    book.penalise(trial(1, 'm', 50), modelPenalty, 200);
    expect([book.size, book.takeChanges()]).toEqual([0, []]);
    book.penalise(trial(1, 'm', 150), channelPenalty, 250);
    expect(book.standing(1, 'm', 300)).toMatchObject({ kind: 'cooling', until: 1_250 });
  });

  it('leaves nothing of a channel that is gone', () => {
    const book = halfOpenBook();
    book.forgetChannel(1, probeTime);
    book.penalise(trial(1, 'm', 500), channelPenalty, 2_000);
    expect([book.size, book.coolingCounts(2_000)]).toEqual([0, { channels: 0, pairs: 0 }]);
  });

  it('shows no cooldown for a channel of which only a model cools', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    expect(book.coolingUntil(1, 0)).toBeUndefined();
  });
});

describe('a clock that was set back', () => {
  const later = 700_000;
  const earlier = 100_000;

  /** Channel 1 was cleared, and fails by a clock that has not come there yet. */
  const setBackBook = (): MemoryCooldownBook => {
    const book = newBook();
    book.penalise(trial(1, 'm', later - 9), channelPenalty, later - 9);
    book.succeed(trial(1, 'm', later));
    book.penalise(trial(1, 'm', earlier), channelPenalty, earlier);
    return book;
  };

  it('does not keep a success from resetting the channel', () => {
    const book = setBackBook();
    const probe = trial(1, 'm', earlier + 1_000);
    book.beginProbe(probe);
    book.commit(probe);
    expect(book.standing(1, 'm', earlier + 1_001)).toEqual({ kind: 'open' });
    book.succeed(probe);
    expect(book.size).toBe(0);
  });

  it('does not keep a failure from doubling the cooldown', () => {
    const book = setBackBook();
    book.penalise(trial(1, 'm', earlier + 1_000), channelPenalty, earlier + 1_000);
    expect(book.standing(1, 'm', earlier + 1_001)).toMatchObject({ kind: 'cooling', until: earlier + 3_000, since: earlier + 1_000 });
  });

  it('does not shut out a channel that was cooling when it was set back', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', later), { ...channelPenalty, firstMs: 60_000 }, later);
    const probe = trial(1, 'm', earlier);
    book.beginProbe(probe);
    book.penalise(probe, channelPenalty, earlier);
    expect(book.standing(1, 'm', earlier)).toMatchObject({ kind: 'cooling', since: earlier });
    book.beginProbe(trial(1, 'm', earlier + 1_000));
    book.succeed(trial(1, 'm', earlier + 1_000));
    expect(book.size).toBe(0);
  });

  it('still lets what happens now go before what is known from then', () => {
    const [book, other] = [setBackBook(), newBook()];
    other.penalise(trial(1, 'm', later - 9), channelPenalty, later - 9);
    other.learn({ channelId: 1, model: undefined }, book.knowledgeOf({ channelId: 1, model: undefined }), earlier);
    expect(other.standing(1, 'm', earlier)).toMatchObject({ kind: 'cooling', until: earlier + 1_000 });
    const [stored] = book.all();
    const next = newBook();
    next.restore(stored === undefined ? [] : [stored], earlier);
    expect(next.standing(1, 'm', earlier)).toMatchObject({ kind: 'cooling', until: earlier + 1_000, since: earlier });
  });

  it('does not make an operator deaf who clears a channel again', () => {
    const book = newBook();
    book.clear(1, later);
    book.clear(1, earlier);
    book.penalise(trial(1, 'm', earlier - 1), channelPenalty, earlier + 1);
    expect(book.size).toBe(0);
    book.penalise(trial(1, 'm', earlier + 1), channelPenalty, earlier + 2);
    expect(book.size).toBe(1);
  });
});

describe('what is written behind', () => {
  it('is one change per scope, as it is now', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    book.succeed(trial(1, 'm'));
    expect(book.takeChanges()).toEqual([
      { channelId: 1, model: undefined, cooldown: undefined, liftedAt: probeTime },
      { channelId: 1, model: 'm', cooldown: undefined, liftedAt: probeTime },
    ]);
    expect(book.takeChanges()).toEqual([]);
  });

  it('is taken again when it could not be stored', () => {
    const book = halfOpenBook();
    const failed = book.takeChanges();
    book.clear(1, probeTime);
    book.takeChanges();
    book.putBack(failed);
    expect(book.takeChanges()).toEqual([{ channelId: 1, model: undefined, cooldown: undefined, liftedAt: probeTime + unheardMsMax }]);
  });

  it('is nothing for a success that had nothing to reset', () => {
    const book = newBook();
    book.succeed(trial(1, 'm'));
    expect(book.takeChanges()).toEqual([]);
  });

  it('comes back after a restart with what is left, and is probed even if it had been proven', () => {
    const before = halfOpenBook();
    before.penalise(trial(1, 'm', 0), { ...modelPenalty, firstMs: 60_000 }, 0);
    const stored = before.takeChanges().flatMap(({ cooldown, ...scope }) => (cooldown ? [{ ...scope, cooldown }] : []));
    const after = newBook();
    after.restore(stored, probeTime);
    expect(after.standing(1, 'm', probeTime)).toMatchObject({ kind: 'cooling', until: 60_000 });
    expect(after.standing(1, 'n', probeTime)).toMatchObject({ kind: 'half-open' });
    expect(after.takeChanges()).toEqual([]);
  });

  it('removes from the table what was forgotten while the program was not running', () => {
    const cooldown = { until: 1_000, durationMs: 1_000, since: 0, reason: 'status 500', proven: false };
    const book = newBook();
    book.restore([{ channelId: 1, model: undefined, cooldown }], 1_000_000);
    expect(book.size).toBe(0);
    expect(book.takeChanges()).toEqual([{ channelId: 1, model: undefined, cooldown: undefined }]);
  });

  it('is told to listeners as it happens, until they stop', () => {
    const book = newBook();
    const heard: CooldownChange[] = [];
    const stop = book.onChange((change) => heard.push(change));
    book.penalise(trial(1, 'm', 0), channelPenalty, 0);
    book.succeed(trial(1, 'm'));
    stop();
    book.penalise(trial(1, 'm', 0), channelPenalty, 0);
    expect(heard.map(({ cooldown }) => cooldown?.until)).toEqual([1_000, undefined]);
  });
});

describe('the bound of pairs', () => {
  it('makes room by dropping what is forgotten', () => {
    const book = new MemoryCooldownBook({ random: () => 0.5, pairCooldownsMax: 2 });
    book.penalise(trial(1, 'forgotten', 0), modelPenalty, 0);
    book.penalise(trial(1, 'living', 0), { ...modelPenalty, firstMs: 60_000 }, 0);
    book.penalise(trial(1, 'new', 10_000), modelPenalty, 10_000);
    expect(book.size).toBe(2);
    expect(book.standing(1, 'living', 10_000)).toMatchObject({ kind: 'cooling' });
  });

  it('drops the cooldown that ends first when all are alive', () => {
    const book = new MemoryCooldownBook({ random: () => 0.5, pairCooldownsMax: 2 });
    book.penalise(trial(1, 'long', 0), { ...modelPenalty, firstMs: 60_000 }, 0);
    book.penalise(trial(2, 'short', 0), modelPenalty, 0);
    book.penalise(trial(3, 'new', 1), modelPenalty, 1);
    expect(book.size).toBe(2);
    expect(book.standing(2, 'short', 1)).toEqual({ kind: 'open' });
  });
});
