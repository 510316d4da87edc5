import { describe, expect, it } from '@jest/globals';
import type { Penalty, Trial } from '../domain/cooldown.js';
import { minuteMs } from '../domain/time.js';
import { MemoryCooldownBook, operatorReason } from './memory-cooldown-book.js';
import { probeHoldMsMax } from './probe-places.js';
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
    expect(book.beginProbe(trial(1, 'm', 30 * minuteMs + probeHoldMsMax - 1))).toBe(false);
    expect(book.beginProbe(trial(1, 'm', 30 * minuteMs + probeHoldMsMax))).toBe(true);
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

  it('is lifted by the probe that follows', () => {
    const book = newBook();
    book.set(1, 60_000, 100);
    book.beginProbe(trial(1, 'm', 60_100));
    book.commit(trial(1, 'm'));
    book.succeed(trial(1, 'm'));
    expect(book.size).toBe(0);
  });

  it('clears the channel and all its pairs, and frees a probe place', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    book.penalise(trial(2, 'm', 0), modelPenalty, 0);
    book.beginProbe(trial(1, 'm', probeTime));
    book.clear(1);
    expect(book.standing(1, 'm', probeTime)).toEqual({ kind: 'open' });
    expect(book.size).toBe(1);
  });

  it('shows no cooldown for a channel of which only a model cools', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    expect(book.coolingUntil(1, 0)).toBeUndefined();
  });
});

describe('what is written behind', () => {
  it('is one change per scope, as it is now', () => {
    const book = halfOpenBook();
    book.penalise(trial(1, 'm', 0), modelPenalty, 0);
    book.succeed(trial(1, 'm'));
    expect(book.takeChanges()).toEqual([
      { channelId: 1, model: undefined, cooldown: undefined, liftedSince: 0 },
      { channelId: 1, model: 'm', cooldown: undefined, liftedSince: 0 },
    ]);
    expect(book.takeChanges()).toEqual([]);
  });

  it('is taken again when it could not be stored', () => {
    const book = halfOpenBook();
    const failed = book.takeChanges();
    book.clear(1);
    book.takeChanges();
    book.putBack(failed);
    expect(book.takeChanges()).toEqual([{ channelId: 1, model: undefined, cooldown: undefined }]);
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

describe('what another process learnt', () => {
  const cooldown = { until: 5_000, durationMs: 4_000, since: 1_000, reason: 'status 529', proven: false };
  const change = (changes: Partial<CooldownChange> = {}): CooldownChange => ({ channelId: 1, model: undefined, cooldown, ...changes });

  it('is true here, and neither stored nor passed on from here', () => {
    const book = newBook();
    const heard: CooldownChange[] = [];
    book.onChange((each) => heard.push(each));
    expect(book.adopt(change(), 1_000)).toBe(true);
    expect(book.standing(1, 'm', 2_000)).toMatchObject({ kind: 'cooling', until: 5_000, reason: 'status 529' });
    expect([heard, book.takeChanges()]).toEqual([[change()], []]);
  });

  it('does not replace what was imposed here later', () => {
    const book = newBook();
    book.penalise(trial(1, 'm', 1_500), channelPenalty, 1_500);
    expect(book.adopt(change(), 2_000)).toBe(false);
    expect(book.coolingUntil(1, 2_000)).toEqual({ until: 2_500, reason: 'status 500' });
  });

  it('comes out the same whichever of two is heard first', () => {
    const later = change({ cooldown: { ...cooldown, since: 1_001, until: 9_000 } });
    const inOrder = (changes: readonly CooldownChange[]): unknown => {
      const book = newBook();
      for (const each of changes) book.adopt(each, 1_001);
      return book.all();
    };
    expect(inOrder([change(), later])).toEqual(inOrder([later, change()]));
  });

  it('lifts a cooldown that was lifted there', () => {
    const book = newBook();
    book.adopt(change(), 1_000);
    book.adopt(change({ cooldown: undefined, liftedSince: 1_000 }), 2_000);
    expect(book.standing(1, 'm', 2_000)).toEqual({ kind: 'open' });
  });

  it('does not lift one that was imposed after the one that was lifted there', () => {
    const book = newBook();
    book.adopt(change({ cooldown: { ...cooldown, since: 1_500 } }), 1_500);
    expect(book.adopt(change({ cooldown: undefined, liftedSince: 1_000 }), 2_000)).toBe(false);
    expect(book.standing(1, 'm', 2_000)).toMatchObject({ kind: 'cooling' });
  });

  it('opens a channel whose probe has begun to answer there', () => {
    const book = newBook();
    book.adopt(change(), 1_000);
    book.adopt(change({ cooldown: { ...cooldown, proven: true } }), 5_500);
    expect(book.standing(1, 'm', 5_500)).toEqual({ kind: 'open' });
  });

  it('is nothing when it lifts what is not here', () => {
    expect(newBook().adopt(change({ cooldown: undefined, liftedSince: 1_000 }), 2_000)).toBe(false);
  });

  it('is stored by the process that keeps the tables', () => {
    const book = newBook();
    book.record(change(), 1_000);
    book.record(change(), 1_000);
    expect(book.takeChanges()).toEqual([change()]);
  });
});

describe('a probe of another process', () => {
  const place = { scope: '1', holder: '1 m', takenAt: 1_400 };

  it('has the place here too, until it gives it back', () => {
    const book = halfOpenBook();
    book.adoptPlace(place);
    expect(book.standing(1, 'n', probeTime)).toMatchObject({ kind: 'half-open', probing: true });
    expect(book.beginProbe(trial(1, 'n'))).toBe(false);
    book.adoptPlace({ ...place, holder: undefined });
    expect(book.beginProbe(trial(1, 'n'))).toBe(true);
  });

  it('has it no longer than a probe may last, should nobody give it back', () => {
    const book = halfOpenBook();
    book.adoptPlace(place);
    expect(book.beginProbe(trial(1, 'n', 1_400 + probeHoldMsMax))).toBe(true);
  });

  it('that began later does not take the place away from the one here', () => {
    const told: string[] = [];
    const book = new MemoryCooldownBook({ random: () => 0.5, onPlaceChange: () => told.push('changed') });
    book.penalise(trial(1, 'm', 0), channelPenalty, 0);
    book.beginProbe(trial(1, 'm'));
    book.adoptPlace({ scope: '1', holder: '1 n', takenAt: probeTime + 1 });
    book.endProbe(trial(1, 'm'));
    expect(book.standing(1, 'm', probeTime)).toMatchObject({ probing: false });
    expect([told.length, book.takePlaceChanges()]).toEqual([2, [{ scope: '1', holder: undefined, takenAt: 0 }]]);
  });

  it('is not remembered as changed where nobody shares the places', () => {
    const book = halfOpenBook();
    book.beginProbe(trial(1, 'm'));
    expect(book.takePlaceChanges()).toEqual([]);
  });
});
