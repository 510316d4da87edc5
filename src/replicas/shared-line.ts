import { randomUUID } from 'node:crypto';
import type { DatabaseLine } from '../database/database-line.js';
import { NewsLine, type News, type NewsListener } from '../domain/news.js';
import { letterFrom, letterText } from './news-text.js';

/** News of so much time travels together. */
const gatherMs = 5;

/** The news line of replicas that share a database: letters on the way that the database offers. */
export class SharedLine extends NewsLine {
  /** New with every start: a replica that comes back has forgotten what it told. */
  readonly name = randomUUID();
  private readonly listeners = new Set<NewsListener>();
  private readonly emptyBytes = Buffer.byteLength(letterText({ from: this.name, news: [], isMissing: false }));
  private readonly waiting: News[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** `letterBytesMax`: the longest text that the way takes. */
  constructor(
    private readonly way: DatabaseLine,
    private readonly letterBytesMax: number,
  ) {
    super();
    way.listen({ heard: (text) => this.open(text), opened: () => this.reopened() });
  }

  override publish(news: News): void {
    this.waiting.push(news);
    this.timer ??= setTimeout(() => this.send(), gatherMs).unref();
  }

  override listen(listener: NewsListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Tells the listeners here, as if another replica had: the safety net has found something. */
  tellHere(news: News, from: string): void {
    for (const listener of this.listeners) listener.hear(news, from);
  }

  /** Sends what waits, now. */
  send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    let letter: News[] = [];
    let bytes = this.emptyBytes;
    for (const news of this.waiting.splice(0)) {
      const added = Buffer.byteLength(JSON.stringify(news)) + 1;
      if (bytes + added > this.letterBytesMax) {
        this.post(letter);
        letter = [];
        bytes = this.emptyBytes;
      }
      if (bytes + added > this.letterBytesMax) {
        // Too long for any letter: the others have to look at the tables.
        this.post([], true);
      } else {
        letter.push(news);
        bytes += added;
      }
    }
    this.post(letter);
  }

  private post(news: readonly News[], isMissing = false): void {
    if (news.length > 0 || isMissing) this.way.send(letterText({ from: this.name, news, isMissing }));
  }

  private open(text: string): void {
    const letter = letterFrom(text);
    if (letter === undefined || letter.from === this.name) return;
    for (const news of letter.news) this.tellHere(news, letter.from);
    if (letter.isMissing) this.missed();
  }

  /** What was told here meanwhile is lost to the others as well. */
  private reopened(): void {
    this.missed();
    this.post([], true);
  }

  private missed(): void {
    for (const listener of this.listeners) listener.missed();
  }
}
