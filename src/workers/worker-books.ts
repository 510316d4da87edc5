import type { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import type { CooldownChange } from '../cooldown/stored-cooldown.js';
import type { ChannelSnapshot } from '../channels/channel-snapshot.js';
import type { CallSink } from '../domain/ports.js';
import type { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import type { SharedNews, WorkerStart } from './worker-messages.js';

/** The memory that the tables follow, and where finished calls go. */
export interface Books {
  readonly channels: ChannelSnapshot;
  readonly cooldowns: MemoryCooldownBook;
  readonly rotation: MemoryRotationCursor;
  readonly sink: CallSink;
}

/**
 * The books as the workers see them: what one of them learns is entered here, to be stored, and is told to the others; so
 * is what an operator does. Remembers who holds which probe place, because a worker that dies cannot give it back.
 */
export class WorkerBooks {
  private readonly placesOf = new Map<number, Set<string>>();
  private isEntering = false;

  constructor(
    readonly books: Books,
    private readonly tell: (news: SharedNews, except: number | undefined) => void,
  ) {
    books.cooldowns.onChange((change) => this.changedHere(change));
  }

  /** What a new worker has to know. */
  get present(): Pick<WorkerStart, 'channels' | 'cooldowns' | 'rotation'> {
    const { channels, cooldowns, rotation } = this.books;
    return { channels: channels.all, cooldowns: cooldowns.all(), rotation: rotation.all() };
  }

  enter(worker: number, news: SharedNews): void {
    this.isEntering = true;
    for (const change of news.cooldowns) this.books.cooldowns.record(change, Date.now());
    this.isEntering = false;
    for (const { model, priority, position } of news.rotation) this.books.rotation.moveTo(model, priority, position);
    for (const { scope, holder } of news.places) this.notePlace(worker, scope, holder !== undefined);
    this.tell(news, worker);
  }

  /** The worker has ended: nobody waits for its probes any more. */
  forget(worker: number): void {
    const scopes = [...(this.placesOf.get(worker) ?? [])];
    this.placesOf.delete(worker);
    if (scopes.length === 0) return;
    this.tell({ cooldowns: [], rotation: [], places: scopes.map((scope) => ({ scope, holder: undefined, takenAt: 0 })) }, undefined);
  }

  private changedHere(change: CooldownChange): void {
    if (!this.isEntering) this.tell({ cooldowns: [change], places: [], rotation: [] }, undefined);
  }

  private notePlace(worker: number, scope: string, isTaken: boolean): void {
    const scopes = this.placesOf.get(worker) ?? new Set();
    this.placesOf.set(worker, scopes);
    if (isTaken) scopes.add(scope);
    else scopes.delete(scope);
  }
}
