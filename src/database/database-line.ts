/** Who hears what others that have the same database open send. */
export interface LineListener {
  heard(text: string): void;
  /** The way is open, or open again: what was sent meanwhile, here or elsewhere, may be lost. */
  opened(): void;
}

/** A way to all others that have the same database open. */
export interface DatabaseLine {
  /** The longest text it takes. */
  readonly textBytesMax: number;
  /** Sends a text to all, the sender included, soon and in order. Never waits and never throws; while the way is closed it is lost. */
  send(text: string): void;
  listen(listener: LineListener): void;
}

/** PostgreSQL takes less than 8000 bytes at a time. */
export const textBytesMax = 7_900;

/** One end of such a way, where the database is open. */
export interface LineEnd {
  send(text: string): void;
  close(): Promise<void>;
}
