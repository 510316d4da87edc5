import type { ChannelId } from '../domain/channel.js';

/** Sentences about bad rows that an answer holds; the others are counted. */
export const importErrorsMax = 100;

/** What an import did, or would do. `processed` = `created` + `updated` + `skipped`. */
export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  /** Bad rows. */
  readonly skipped: number;
  readonly processed: number;
  /** One sentence per bad row with its line, at most `importErrorsMax`; then one that counts the others. */
  readonly errors: readonly string[];
}

/** The outcome in the table: a report, or why the file cannot be used at all. */
export type ImportOutcome =
  | {
      readonly kind: 'imported';
      readonly report: ImportReport;
      /** Channels whose URL or key is another now: what was learnt about the old one says nothing any more. */
      readonly otherAccounts: readonly ChannelId[];
    }
  | { readonly kind: 'refused'; readonly sentence: string };

/** The sentences that are told, of all there are. */
export const boundedErrors = (errors: readonly string[]): readonly string[] =>
  errors.length <= importErrorsMax
    ? errors
    : [...errors.slice(0, importErrorsMax), `and ${errors.length - importErrorsMax} more rows that cannot be used`];
