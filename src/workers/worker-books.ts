import type { ChannelSnapshot } from '../channels/channel-snapshot.js';
import type { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import type { Scope } from '../cooldown/scoped-cooldowns.js';
import type { News, NewsLine } from '../domain/news.js';
import type { CallSink } from '../domain/ports.js';
import type { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import type { EndedCall, SharedNews, WorkerStart } from './worker-messages.js';

/** The memory that the tables follow, the line to other replicas, and where ended calls go. */
export interface Books {
  readonly channels: ChannelSnapshot;
  readonly cooldowns: MemoryCooldownBook;
  readonly rotation: MemoryRotationCursor;
  readonly line: NewsLine;
  readonly sink: CallSink;
}

const scopeOf = ({ channelId, model }: Scope): Scope => ({ channelId, model });

/** The process itself, as a teller of news. */
const theBooks = 'books';

/** Sends news to all workers but one. */
export type TellWorkers = (news: SharedNews & { readonly from: string }, except?: number) => void;

/**
 * The books as the workers see them. What one of them learns is entered here, to be stored and told to other replicas, and
 * whatever changes here, by whomever, is told to all of them; a worker that hears its own news again learns nothing new.
 */
export class WorkerBooks {
  constructor(
    private readonly books: Books,
    private readonly tell: TellWorkers,
  ) {
    const { cooldowns, line } = books;
    cooldowns.onChange((scope) => this.passKnowledgeOf(scope));
    // What their attempts under way will say of the channel is over too.
    cooldowns.onClear((channelId) => this.passKnowledgeOf({ channelId, model: undefined }));
    line.listen({
      hear: (news, from) => {
        if (news.kind === 'probe') this.pass([news], from);
      },
      missed: () => undefined,
    });
  }

  /** What a new worker has to know. */
  get present(): Pick<WorkerStart, 'channels' | 'cooldowns' | 'rotation'> {
    const { channels, cooldowns, rotation } = this.books;
    return { channels: channels.all, cooldowns: cooldowns.all(), rotation: rotation.all() };
  }

  /** A call has ended in a worker. */
  record({ attempts, caller }: EndedCall): void {
    this.books.sink.record(attempts, caller);
  }

  /** A worker has told this. */
  enter(worker: number, { news, rotation }: SharedNews): void {
    for (const each of news) this.enterOne(worker, each);
    for (const { model, priority, position } of rotation) this.books.rotation.moveTo(model, priority, position);
    if (rotation.length > 0) this.tell({ news: [], rotation, from: theBooks }, worker);
  }

  private enterOne(worker: number, news: News): void {
    // What is known already, or better (an operator was faster), the worker does not know.
    if (news.kind === 'cooldown' && !this.books.cooldowns.enter(scopeOf(news), news.knowledge, Date.now())) this.passKnowledgeOf(news);
    if (news.kind !== 'probe') return;
    this.books.line.publish(news);
    this.pass([news], `worker ${worker}`, worker);
  }

  private passKnowledgeOf(about: Scope): void {
    const scope = scopeOf(about);
    this.pass([{ kind: 'cooldown', ...scope, knowledge: this.books.cooldowns.knowledgeOf(scope) }], theBooks);
  }

  private pass(news: readonly News[], from: string, except?: number): void {
    this.tell({ news, rotation: [], from }, except);
  }
}
