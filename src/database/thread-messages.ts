import type { OpeningNews } from './opening-news.js';
import type { CallFailure, RepositoryCall } from './repository-calls.js';

/** From the main thread: one call, a text for the others that have the database open, or the wish to close after all calls so far. */
export type ToDatabase =
  | ({ readonly kind: 'call'; readonly id: number } & RepositoryCall)
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'close' };

/**
 * To the main thread. `open` or `refused` comes once, after any `news` of opening, then one answer per call, in order;
 * `writable` at most once, when a file that could only be read at the opening may be written to.
 */
export type FromDatabase =
  | { readonly kind: 'news'; readonly news: OpeningNews }
  | { readonly kind: 'open'; readonly isReadOnly: boolean }
  | { readonly kind: 'writable' }
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'heard'; readonly text: string }
  | { readonly kind: 'line-opened' }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | ({ readonly kind: 'error'; readonly id: number } & CallFailure);
