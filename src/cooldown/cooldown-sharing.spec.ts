import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Penalty, Trial } from '../domain/cooldown.js';
import { Database } from '../database/database.js';
import { linkedLines, type LinkedLine } from '../../test/support/linked-lines.js';
import { CooldownSharing } from './cooldown-sharing.js';
import { CooldownService } from './cooldown.service.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';
import { probeElsewhereHoldMsMax } from './probe-places.js';

const begin = 1_795_000_000_000;
const penalty: Penalty = { scope: 'channel', firstMs: 1_000, reason: 'status 500' };

interface Replica {
  readonly book: MemoryCooldownBook;
  readonly sharing: CooldownSharing;
  readonly line: LinkedLine;
}

let replicas: readonly Replica[];
let database: Database;

beforeEach(async () => {
  jest.useFakeTimers({ now: begin, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  database = await Database.inline({ path: ':memory:' });
  replicas = linkedLines(3).map((line) => {
    const book = new MemoryCooldownBook({ random: () => 0.5 });
    const sharing = new CooldownSharing(book, line, new CooldownService(database, book));
    sharing.onModuleInit();
    return { book, sharing, line };
  });
});

afterEach(async () => {
  jest.useRealTimers();
  await database.close();
});

const replica = (index: number): Replica => {
  const found = replicas[index];
  if (found === undefined) throw new Error(`there is no replica ${index}`);
  return found;
};

/** Everything told by now is heard by all. */
const pass = (ms = 10): void => {
  jest.advanceTimersByTime(ms);
  for (const { line } of replicas) line.deliver();
};

const trialOf = (startedAt = Date.now()): Trial => ({ channelId: 1, model: 'm', startedAt });
const standings = (): readonly string[] => replicas.map(({ book }) => book.standing(1, 'm', Date.now()).kind);
const mayProbe = (index: number): boolean => replica(index).book.beginProbe(trialOf());

/** Channel 1 has failed at the first replica, and its cooldown is over. */
const halfOpen = (): void => {
  replica(0).book.penalise(trialOf(), penalty, Date.now());
  pass(1_500);
};

describe('gateways that act as one', () => {
  it('all cool a channel that failed at one of them', () => {
    replica(0).book.penalise(trialOf(), penalty, begin);
    pass();
    expect(standings()).toEqual(['cooling', 'cooling', 'cooling']);
  });

  it('let one of them probe it', () => {
    halfOpen();
    expect(mayProbe(1)).toBe(true);
    pass();
    expect([mayProbe(0), mayProbe(2)]).toEqual([false, false]);
  });

  it('all use it again when the probe has succeeded', () => {
    halfOpen();
    const trial = trialOf();
    replica(1).book.beginProbe(trial);
    pass();
    replica(1).book.commit(trial);
    pass();
    expect(standings()).toEqual(['open', 'open', 'open']);
    replica(1).book.succeed(trial);
    pass();
    expect(replicas.map(({ book }) => book.size)).toEqual([0, 0, 0]);
  });

  it('all cool it for longer when the probe has failed, and free its place', () => {
    halfOpen();
    const trial = trialOf();
    replica(1).book.beginProbe(trial);
    pass();
    replica(1).book.penalise(trial, penalty, Date.now());
    pass();
    const until = begin + 1_500 + 10 + 2_000;
    expect(replicas.map(({ book }) => book.coolingUntil(1, Date.now())?.until)).toEqual([until, until, until]);
    pass(2_000);
    expect(mayProbe(2)).toBe(true);
  });

  it('let another one probe when the probe ends without a verdict', () => {
    halfOpen();
    const trial = trialOf();
    replica(1).book.beginProbe(trial);
    pass();
    replica(1).book.endProbe(trial);
    pass();
    expect(mayProbe(2)).toBe(true);
  });

  it('keep the place of a long probe, and free it soon after whoever made it has died', () => {
    replica(0).book.penalise(trialOf(), { ...penalty, firstMs: 60_000 }, begin);
    pass(60_000);
    replica(1).book.beginProbe(trialOf());
    for (let second = 0; second < 20; second += 1) {
      replica(1).sharing.renewProbes();
      pass(1_000);
    }
    expect(mayProbe(2)).toBe(false);
    pass(probeElsewhereHoldMsMax);
    expect(mayProbe(2)).toBe(true);
  });

  it('are not moved by a success that began before the cooldown, wherever it is told', () => {
    const slow = trialOf(begin - 500);
    replica(1).book.penalise(trialOf(begin - 9_000), { ...penalty, firstMs: 8_500 }, begin - 9_000);
    pass();
    replica(0).book.penalise(trialOf(begin), { ...penalty, firstMs: 60_000 }, begin);
    replica(1).book.succeed(slow);
    pass();
    pass();
    expect(standings()).toEqual(['cooling', 'cooling', 'cooling']);
  });

  it("all do what the operator's hand does at one of them, also when they have heard of more", () => {
    replica(0).book.set(1, 60_000, Date.now());
    pass();
    expect(standings()).toEqual(['cooling', 'cooling', 'cooling']);
    replica(2).book.clear(1, Date.now() + 1);
    pass();
    expect(standings()).toEqual(['open', 'open', 'open']);
  });

  it('keep an order that one of them had not heard of when an attempt failed there, or succeeded', () => {
    replica(0).book.penalise(trialOf(begin - 5_000), { ...penalty, firstMs: 4_000 }, begin - 5_000);
    pass();
    replica(0).book.set(1, 60_000, Date.now());
    replica(1).book.penalise(trialOf(Date.now() + 1), penalty, Date.now() + 2);
    replica(2).book.succeed(trialOf(Date.now() + 1));
    pass();
    pass();
    const orders = replicas.map(({ book }) => book.standing(1, 'm', Date.now()));
    expect(orders).toEqual(new Array(3).fill(expect.objectContaining({ kind: 'cooling', byHand: true })));
  });

  it('all leave out what attempts under way say of a channel that was cleared at one of them', () => {
    const slow = trialOf(begin - 500);
    replica(0).book.clear(1, Date.now());
    replica(2).book.penalise(slow, { ...penalty, scope: 'model' }, Date.now() + 1);
    pass();
    replica(1).book.penalise(slow, penalty, Date.now());
    pass();
    pass();
    expect(replicas.map(({ book }) => book.size)).toEqual([0, 0, 0]);
  });

  it('tell fifty failures at once as one piece of news', () => {
    for (let call = 0; call < 50; call += 1) replica(0).book.penalise(trialOf(), penalty, begin);
    jest.advanceTimersByTime(10);
    expect(replica(0).line.waiting).toHaveLength(1);
  });

  it('come to the same in whatever order they hear of each other', () => {
    for (const [index, firstMs] of [60_000, 5_000, 30_000].entries()) replica(index).book.penalise(trialOf(), { ...penalty, firstMs }, begin + index);
    jest.advanceTimersByTime(10);
    for (const { line } of [...replicas].reverse()) line.deliver();
    const untils = replicas.map(({ book }) => book.coolingUntil(1, begin + 10)?.until);
    expect(untils).toEqual(new Array(3).fill(begin + 2 + 30_000));
  });
});

describe('a gateway that has missed news', () => {
  it('takes over what the table says: what was imposed, and what was lifted', async () => {
    const [away, other] = [replica(0), replica(1)];
    away.book.penalise({ ...trialOf(), channelId: 2 }, { ...penalty, firstMs: 60_000 }, Date.now());
    away.book.takeChanges();
    jest.setSystemTime(begin + 5_000);
    other.book.penalise(trialOf(), { ...penalty, firstMs: 60_000 }, Date.now());
    const stored = other.book.takeChanges().flatMap(({ cooldown, channelId, model }) => (cooldown === undefined ? [] : [{ channelId, model, cooldown }]));
    away.book.reconcile(stored, { now: Date.now(), writtenBy: Date.now() - 3_000 });
    expect([1, 2].map((id) => away.book.standing(id, 'm', Date.now()).kind)).toEqual(['cooling', 'open']);
  });

  it('keeps what it has imposed itself and nobody has written yet', () => {
    const { book } = replica(0);
    book.penalise(trialOf(), { ...penalty, firstMs: 60_000 }, Date.now());
    book.reconcile([], { now: Date.now() + 10_000, writtenBy: Date.now() + 7_000 });
    expect(book.standing(1, 'm', Date.now()).kind).toBe('cooling');
  });
});
