/** What a gateway holds at a moment, by kind. */
export interface Held {
  readonly heapUsed: number;
  /** By thread id: those of the database. */
  readonly threadHeaps: Readonly<Record<string, number>>;
  readonly rss: number;
  readonly files: number;
  readonly sockets: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly listeners: Readonly<Record<string, number>>;
}

export const problemsOf: (before: Held, after: Held) => readonly string[];
export const bugLinesOf: (output: string) => readonly string[];
