import { NewsLine, type News, type NewsListener } from '../domain/news.js';

/** A worker's line to the others: through the process that keeps the books. */
export class WorkerLine extends NewsLine {
  readonly #send: (news: readonly News[]) => void;
  readonly #listeners = new Set<NewsListener>();
  #waiting: News[] = [];

  constructor(send: (news: readonly News[]) => void) {
    super();
    this.#send = send;
  }

  /** What is told in one go travels together. */
  override publish(news: News): void {
    if (this.#waiting.push(news) > 1) return;
    queueMicrotask(() => {
      const told = this.#waiting;
      this.#waiting = [];
      this.#send(told);
    });
  }

  override listen(listener: NewsListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  hear(news: News, from: string): void {
    for (const listener of this.#listeners) listener.hear(news, from);
  }
}
