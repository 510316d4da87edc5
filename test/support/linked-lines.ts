import { NewsLine, type News, type NewsListener } from '../../src/domain/news.js';

/** A line in memory. What is published is heard by the others, as a copy, once `deliver` is called. */
export class LinkedLine extends NewsLine {
  private readonly listeners = new Set<NewsListener>();
  readonly waiting: News[] = [];

  constructor(
    readonly name: string,
    private readonly all: readonly LinkedLine[],
  ) {
    super();
  }

  override publish(news: News): void {
    this.waiting.push(structuredClone(news));
  }

  override listen(listener: NewsListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  deliver(): void {
    for (const news of this.waiting.splice(0)) {
      for (const other of this.all) if (other !== this) for (const listener of other.listeners) listener.hear(news, this.name);
    }
  }
}

/** Lines that hear each other. */
export const linkedLines = (count: number): readonly LinkedLine[] => {
  const lines: LinkedLine[] = [];
  for (let index = 0; index < count; index += 1) lines.push(new LinkedLine(`replica-${index}`, lines));
  return lines;
};
