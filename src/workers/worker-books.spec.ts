import { afterEach, describe, expect, it } from '@jest/globals';
import { ChannelSnapshot } from '../channels/channel-snapshot.js';
import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import type { Penalty, Trial } from '../domain/cooldown.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import { SharedView } from './shared-view.js';
import { WorkerBooks } from './worker-books.js';

const penalty: Penalty = { scope: 'channel', firstMs: 60_000, reason: 'status 500' };
const trialAt = (startedAt: number, model = 'm'): Trial => ({ channelId: 1, model, startedAt });

/** Two workers and the books between them; a message takes one turn of the microtask queue. */
class Machine {
  readonly cooldowns = new MemoryCooldownBook({ random: () => 0.5 });
  readonly rotation = new MemoryRotationCursor();
  readonly books: WorkerBooks;
  private readonly workers = new Map<number, SharedView>();

  constructor() {
    const books = { channels: new ChannelSnapshot(), cooldowns: this.cooldowns, rotation: this.rotation, sink: { record: () => undefined } };
    this.books = new WorkerBooks(books, (news, except) => {
      for (const [id, view] of this.workers) if (id !== except) queueMicrotask(() => view.hear(news));
    });
  }

  start(id: number): SharedView {
    const view = new SharedView(this.books.present, (news) => queueMicrotask(() => this.books.enter(id, news)));
    this.workers.set(id, view);
    view.begin();
    return view;
  }

  stop(): void {
    for (const view of this.workers.values()) view.end();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

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
    await settled();
    expect(other.cooldowns.standing(1, 'n', now + 1)).toMatchObject({ kind: 'cooling', reason: 'status 500' });
    expect(shared.cooldowns.takeChanges()).toMatchObject([{ channelId: 1, cooldown: { reason: 'status 500' } }]);
    expect(shared.cooldowns.takeChanges()).toEqual([]);
  });

  it('agree after both have met a failure at the same time', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now - 5), penalty, now);
    other.cooldowns.penalise(trialAt(now - 5), { ...penalty, firstMs: 90_000 }, now + 1);
    await settled();
    expect(one.cooldowns.all()).toEqual(other.cooldowns.all());
    expect(shared.cooldowns.all()).toEqual(other.cooldowns.all());
  });

  it('let one of them probe, and all go on when it has succeeded', async () => {
    const { one, other } = two();
    const past = Date.now() - 61_000;
    one.cooldowns.penalise(trialAt(past), penalty, past);
    await settled();
    const probe = trialAt(Date.now());
    expect(one.cooldowns.beginProbe(probe)).toBe(true);
    await settled();
    expect(other.cooldowns.beginProbe(trialAt(Date.now(), 'n'))).toBe(false);
    one.cooldowns.succeed(probe);
    await settled();
    expect(other.cooldowns.standing(1, 'm', Date.now())).toEqual({ kind: 'open' });
  });

  it('get the probe place back from one that died with it', async () => {
    const { one, other, machine: shared } = two();
    const past = Date.now() - 61_000;
    one.cooldowns.penalise(trialAt(past), penalty, past);
    one.cooldowns.beginProbe(trialAt(Date.now()));
    await settled();
    shared.books.forget(1);
    await settled();
    expect(other.cooldowns.beginProbe(trialAt(Date.now()))).toBe(true);
  });

  it('hear what an operator does', async () => {
    const { one, other, machine: shared } = two();
    const now = Date.now();
    shared.cooldowns.set(1, 60_000, now);
    await settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', now + 1).kind)).toEqual(['cooling', 'cooling']);
    shared.cooldowns.clear(1);
    await settled();
    expect([one, other].map((view) => view.cooldowns.standing(1, 'm', now + 1).kind)).toEqual(['open', 'open']);
  });

  it('turn one ring', async () => {
    const { one, other, machine: shared } = two();
    one.rotation.moveTo('m', 10, 2);
    await settled();
    expect(other.rotation.position('m', 10)).toBe(2);
    other.rotation.moveTo('m', 10, 3);
    await settled();
    expect([one.rotation.position('m', 10), shared.rotation.position('m', 10)]).toEqual([3, 3]);
  });

  it('do not send each other their own news for ever', async () => {
    const { one, machine: shared } = two();
    let told = 0;
    const stop = shared.cooldowns.onChange(() => (told += 1));
    one.cooldowns.penalise(trialAt(Date.now()), penalty, Date.now());
    one.rotation.moveTo('m', 10, 2);
    await settled();
    await settled();
    stop();
    expect(told).toBe(1);
  });

  it('know everything when one of them starts later', async () => {
    const { one, machine: shared } = two();
    const now = Date.now();
    one.cooldowns.penalise(trialAt(now), { ...penalty, scope: 'model' }, now);
    one.rotation.moveTo('m', 10, 2);
    await settled();
    const late = shared.start(3);
    expect(late.cooldowns.standing(1, 'm', now + 1)).toMatchObject({ kind: 'cooling' });
    expect(late.rotation.position('m', 10)).toBe(2);
  });
});
