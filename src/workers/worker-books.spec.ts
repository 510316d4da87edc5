import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { linkedLines, type LinkedLine } from '../../test/support/linked-lines.js';
import { ChannelSnapshot } from '../channels/channel-snapshot.js';
import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { probeElsewhereHoldMsMax } from '../cooldown/probe-places.js';
import { SharedCooldowns } from '../cooldown/shared-cooldowns.js';
import type { Penalty, Trial } from '../domain/cooldown.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import { SharedView } from './shared-view.js';
import { WorkerBooks } from './worker-books.js';

const penalty: Penalty = { scope: 'channel', firstMs: 60_000, reason: 'status 500' };
const trialAt = (startedAt: number, model = 'm'): Trial => ({ channelId: 1, model, startedAt });

/** Two workers and the books between them, which are one of two replicas; a message takes one turn of the microtask queue. */
class Machine {
  private readonly lines = linkedLines(2);
  /** The cooldowns of the other replica. */
  readonly elsewhere = new MemoryCooldownBook({ random: () => 0.5 });
  readonly cooldowns = new MemoryCooldownBook({ random: () => 0.5 });
  readonly rotation = new MemoryRotationCursor();
  readonly books: WorkerBooks;
  private readonly workers = new Map<number, SharedView>();

  constructor() {
    const [line, otherLine] = this.lines as [LinkedLine, LinkedLine];
    for (const [book, itsLine] of [[this.cooldowns, line], [this.elsewhere, otherLine]] as const) new SharedCooldowns(book, itsLine, () => undefined).begin();
    const books = { channels: new ChannelSnapshot(), cooldowns: this.cooldowns, rotation: this.rotation, line, sink: { record: () => undefined } };
    this.books = new WorkerBooks(books, (news, except) => {
      for (const [id, view] of this.workers) if (id !== except) queueMicrotask(() => view.hear(news, news.from));
    });
  }

  /** Everything told by now is heard by all, here and at the other replica. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 2; turn += 1) {
      await pause(60);
      for (const line of this.lines) line.deliver();
    }
    await pause(60);
  }

  start(id: number): SharedView {
    const view = new SharedView(this.books.present, { connectTimeoutMs: 1, firstEventTimeoutMs: 1, responseTimeoutMs: 1 }, (news) => queueMicrotask(() => this.books.enter(id, news)));
    this.workers.set(id, view);
    view.begin();
    return view;
  }

  stop(): void {
    for (const view of this.workers.values()) view.end();
  }
}

describe('workers that share one view', () => {
  let machine: Machine | undefined;
  afterEach(() => machine?.stop());

  const two = (): { readonly machine: Machine; readonly one: SharedView; readonly other: SharedView } => {
    machine = new Machine();
    return { machine, one: machine.start(1), other: machine.start(2) };
  };

  it('know of a failure that one of them met, and the books store it once', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now), penalty, now);
    await machine?.settled();
    expect(other.cooldowns.standing(1, 'n', now + 1)).toMatchObject({ kind: 'cooling', reason: 'status 500' });
    expect(shared.cooldowns.takeChanges()).toMatchObject([{ channelId: 1, cooldown: { reason: 'status 500' } }]);
    expect(shared.cooldowns.takeChanges()).toEqual([]);
  });

  it('agree after both have met a failure at the same time', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now - 5), penalty, now);
    other.cooldowns.penalise(trialAt(now - 5), { ...penalty, firstMs: 90_000 }, now + 1);
    await machine?.settled();
    expect(one.cooldowns.all()).toEqual(other.cooldowns.all());
    expect(shared.cooldowns.all()).toEqual(other.cooldowns.all());
  });

  it('let one of them probe, and all go on when it has succeeded', async () => {
    const { one, other } = two();
    const past = Date.now() - 70_000;
    one.cooldowns.penalise(trialAt(past), penalty, past);
    await machine?.settled();
    const probe = trialAt(Date.now());
    expect(one.cooldowns.beginProbe(probe)).toBe(true);
    await machine?.settled();
    expect(other.cooldowns.beginProbe(trialAt(Date.now(), 'n'))).toBe(false);
    one.cooldowns.succeed(probe);
    await machine?.settled();
    expect(other.cooldowns.standing(1, 'm', Date.now())).toEqual({ kind: 'open' });
  });

  it('get the probe place back soon after one has died with it', async () => {
    const { one, other } = two();
    const past = Date.now() - 70_000;
    one.cooldowns.penalise(trialAt(past), penalty, past);
    one.cooldowns.beginProbe(trialAt(Date.now()));
    await machine?.settled();
    one.end();
    expect(other.cooldowns.beginProbe(trialAt(Date.now()))).toBe(false);
    expect(other.cooldowns.beginProbe(trialAt(Date.now() + probeElsewhereHoldMsMax))).toBe(true);
  });

  it('hear what an operator does', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    shared.cooldowns.set(1, 60_000, now);
    await machine?.settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', now + 1).kind)).toEqual(['cooling', 'cooling']);
    shared.cooldowns.clear(1, now + 2);
    await machine?.settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', now + 1).kind)).toEqual(['open', 'open']);
  });

  it('believe the operator who was faster than the news of the failure', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now), penalty, now);
    shared.cooldowns.clear(1, now + 1);
    await machine?.settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', now + 2).kind)).toEqual(['open', 'open']);
  });

  it('leave out what attempts from before say of a channel that an operator has cleared', async () => {
    const { one, machine: shared } = two();
    const now = Date.now();
    shared.cooldowns.clear(1, now);
    await machine?.settled();
    one.cooldowns.penalise(trialAt(now - 500), penalty, Date.now());
    await machine?.settled();
    expect([one, shared].map(({ cooldowns }) => cooldowns.size)).toEqual([0, 0]);
  });

  it('turn one ring', async () => {
    const { one, other, machine: shared } = two();
    one.rotation.moveTo('m', 10, 2);
    await machine?.settled();
    expect(other.rotation.position('m', 10)).toBe(2);
    other.rotation.moveTo('m', 10, 3);
    await machine?.settled();
    expect([one.rotation.position('m', 10), shared.rotation.position('m', 10)]).toEqual([3, 3]);
  });

  it('do not send each other their own news for ever', async () => {
    const { one, machine: shared } = two();
    let told = 0;
    const stop = shared.cooldowns.onChange(() => (told += 1));
    one.cooldowns.penalise(trialAt(Date.now()), penalty, Date.now());
    one.rotation.moveTo('m', 10, 2);
    await machine?.settled();
    await machine?.settled();
    stop();
    expect(told).toBe(1);
  });

  it('act as one with the workers of another replica', async () => {
    const { one, other, machine: shared } = two();
    const past = Date.now() - 70_000;
    one.cooldowns.penalise(trialAt(past), penalty, past);
    await machine?.settled();
    expect(shared.elsewhere.standing(1, 'm', Date.now()).kind).toBe('half-open');
    shared.elsewhere.beginProbe(trialAt(Date.now()));
    await machine?.settled();
    expect([one, other].map((view) => view.cooldowns.beginProbe(trialAt(Date.now(), 'n')))).toEqual([false, false]);
    shared.elsewhere.penalise(trialAt(Date.now()), penalty, Date.now());
    await machine?.settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', Date.now()).kind)).toEqual(['cooling', 'cooling']);
  });

  it('know everything when one of them starts later', async () => {
    const { one, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now), { ...penalty, scope: 'model' }, now);
    one.rotation.moveTo('m', 10, 2);
    await machine?.settled();
    const late = shared.start(3);
    expect(late.cooldowns.standing(1, 'm', now + 1)).toMatchObject({ kind: 'cooling' });
    expect(late.rotation.position('m', 10)).toBe(2);
  });
});
