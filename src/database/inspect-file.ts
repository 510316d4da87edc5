import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { migrations } from './data-source.js';
import { prepareDatabaseFile } from './database-file.js';
import { isCutOff, refusalOf } from './database-refusal.js';
import { executedMigrations } from './known-migrations.js';
import type { KeySecrets } from './key-secrets.js';
import { originalChannels } from './original/copy-channels.js';
import { columnNames } from './original/layout.js';
import { readingOnly } from './reading-only.js';
import { refuseUnreadableKeys } from './sealed-keys.js';
import { addressOf, storedAddresses, type StoredAddress } from './stored-addresses.js';
import { tableNames } from './table-names.js';

export type { StoredAddress };

/** What a database file is, found out without changing it. */
export type FileReport =
  | { readonly kind: 'missing' }
  /** A sentence for the operator. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** A program was ended in the middle of a change, which the next start undoes if the file is ours; until then nobody can look inside. */
  | { readonly kind: 'cut-off' }
  /** One of the first public ccLoad, which the next start takes over. */
  | { readonly kind: 'original'; readonly bytes: number; readonly channels: readonly StoredAddress[] }
  | {
      readonly kind: 'readable';
      readonly bytes: number;
      /** What SQLite's own check found first; `undefined` when it found nothing. */
      readonly damage: string | undefined;
      /** Names of the migrations it has had, and of those it will get at the next start, in order. */
      readonly executed: readonly string[];
      readonly pending: readonly string[];
      readonly channels: readonly StoredAddress[];
    };

const fileAt = async (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);

const originalReportOf = async (reader: DataSource, bytes: number): Promise<FileReport> => {
  const rows = await originalChannels(reader, 'channels', await columnNames(reader, 'channels'));
  return { kind: 'original', bytes, channels: rows.map(addressOf) };
};

const reportOf = async (reader: DataSource, bytes: number): Promise<FileReport> => {
  const tables = new Set(await tableNames(reader));
  const verdicts: readonly { quick_check: string }[] = await reader.query('PRAGMA quick_check(1)');
  const verdict = verdicts[0]?.quick_check;
  const executed = tables.has('migrations') ? await executedMigrations(reader) : [];
  return {
    kind: 'readable',
    bytes,
    damage: verdict === 'ok' ? undefined : verdict,
    executed,
    pending: migrations.map(({ name }) => name).filter((name) => !executed.includes(name)),
    channels: tables.has('channels') ? await storedAddresses(reader) : [],
  };
};

/** Looks at the file, and whether its keys can be read, and changes nothing, also while a gateway has it open. */
export const inspectDatabaseFile = async (path: string, secrets: KeySecrets): Promise<FileReport> => {
  const file = await fileAt(path);
  if (file === undefined || file.size === 0) return { kind: 'missing' };
  try {
    const kind = await prepareDatabaseFile(path);
    if (kind === 'original') return await readingOnly(path, (reader) => originalReportOf(reader, file.size));
    await refuseUnreadableKeys(path, secrets);
    return await readingOnly(path, (reader) => reportOf(reader, file.size));
  } catch (error) {
    if (isCutOff(error)) return { kind: 'cut-off' };
    return { kind: 'refused', sentence: refusalOf(path, error).message };
  }
};
