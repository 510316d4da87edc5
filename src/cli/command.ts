import type { Config } from '../config/config.js';
import type { Environment } from '../config/variable-reader.js';

/** How a command ended. The program prints it and turns it into an exit code. */
export type Outcome =
  | { readonly kind: 'done'; readonly text: string; readonly value: unknown; readonly notes?: readonly string[] }
  /** It was understood and did not work, or what it looked at is not in order. Exit code 1; `text` is what it found. */
  | { readonly kind: 'failed'; readonly sentence: string; readonly text?: string; readonly value?: unknown; readonly notes?: readonly string[] }
  /** It was not understood. Exit code 2. */
  | { readonly kind: 'misused'; readonly sentence: string };

export type Failed = Extract<Outcome, { readonly kind: 'failed' }>;

export const failed = (sentence: string, notes: readonly string[] = []): Failed => ({ kind: 'failed', sentence, notes });
export const misused = (sentence: string): Outcome => ({ kind: 'misused', sentence });

/** `text` for people, `value` for `--json`; `notes` go to the error stream of both. */
export const done = (text: string, value: unknown, notes: readonly string[] = []): Outcome => ({ kind: 'done', text, value, notes });

/** A control plane that answers on loopback until it is closed. */
export interface OpenGateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Everything a command may touch besides the network, so that a test can hand it something else. */
export interface Surroundings {
  /** Where `.env` and relative paths are. */
  readonly folder: string;
  /** The variables, those of `.env` included. Throws when `.env` cannot be read. */
  environment(): Environment;
  /** All of standard input, within a bound; rejects with a sentence when there is more. */
  readInput(): Promise<string>;
  /** The database of `config` behind a control plane of its own; rejects with a sentence when it cannot be opened. */
  openGateway(config: Config): Promise<OpenGateway>;
}

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What stands for the value in the help, e.g. `URL`. */
  readonly value?: string;
  readonly says: string;
}

/** What stood behind the command's name. */
export interface Arguments {
  readonly operands: readonly string[];
  /** The value of an option; of one that was given twice, the last. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly summary: string;
  /** Names of the operands it needs, in order. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Further paragraphs of its help. */
  readonly details?: string;
  run(given: Arguments, surroundings: Surroundings): Promise<Outcome>;
}

/** Text from a table as a terminal may show it: nothing in it moves the cursor or changes colours. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
