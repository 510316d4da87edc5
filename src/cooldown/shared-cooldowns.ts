import type { News, NewsLine } from '../domain/news.js';
import type { MemoryCooldownBook, OwnNews } from './memory-cooldown-book.js';
import { scopeName, type Scope } from './scoped-cooldowns.js';

/** Changes of one scope within this time are told as one: fifty calls that fail together are one piece of news. */
const gatherMs = 5;

/** Keeps the cooldowns and probe places of processes that act as one alike: replicas, or the workers of one. */
export class SharedCooldowns {
  private readonly changed = new Map<string, Scope>();
  private readonly probes = new Map<string, News>();
  private timer: NodeJS.Timeout | undefined;
  private stopListening = (): void => undefined;

  /** `readAgain`: news may have been missed. */
  constructor(
    private readonly book: MemoryCooldownBook,
    private readonly line: NewsLine,
    private readonly readAgain: () => void,
  ) {}

  begin(): void {
    this.book.tellOthers((news) => this.gather(news));
    this.stopListening = this.line.listen({ hear: (news, from) => this.hear(news, from), missed: () => this.readAgain() });
  }

  /** Tells what is left to tell. */
  end(): void {
    this.stopListening();
    this.tell();
  }

  /** To be called once a second: a probe is told of as long as it runs, so that the places of a process that was killed are soon free. */
  renewProbes(): void {
    for (const pair of this.book.probesHere(Date.now())) this.gather({ kind: 'probe', pair, isRunning: true });
  }

  private gather(news: OwnNews): void {
    if (news.kind === 'scope') this.changed.set(scopeName(news.scope), news.scope);
    else {
      const { channelId, model = '' } = news.pair;
      this.probes.set(scopeName(news.pair), { kind: 'probe', channelId, model, isRunning: news.isRunning });
    }
    this.timer ??= setTimeout(() => this.tell(), gatherMs).unref();
  }

  /** What a probe found out goes before its end, or another one would begin in between. */
  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const scopes = [...this.changed.values()];
    const probes = [...this.probes.values()];
    this.changed.clear();
    this.probes.clear();
    for (const scope of scopes) this.line.publish({ kind: 'cooldown', ...scope, knowledge: this.book.knowledgeOf(scope) });
    for (const probe of probes) this.line.publish(probe);
  }

  private hear(news: News, from: string): void {
    const now = Date.now();
    if (news.kind === 'cooldown') this.book.learn(news, news.knowledge, now);
    else if (news.kind === 'probe') this.book.probeElsewhere({ channelId: news.channelId, model: news.model, startedAt: now }, from, news.isRunning);
    else if (news.kind === 'cooldowns') this.readAgain();
  }
}
