import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions, migrations } from './data-source.js';
import { prepareDatabaseFile, refusalOf } from './database-file.js';
import type { KeySecrets } from './key-secrets.js';
import { refuseUnreadableKeys } from './sealed-keys.js';

/** A channel as the file has it, whatever version wrote it. */
export interface StoredAddress {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
}

/** What a database file is, found out without changing it. */
export type FileReport =
  | { readonly kind: 'missing' }
  /** A sentence for the operator. */
  | { readonly kind: 'refused'; readonly sentence: string }
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

const tableNames = async (reader: DataSource): Promise<ReadonlySet<string>> => {
  const rows: readonly { name: string }[] = await reader.query("SELECT name FROM sqlite_master WHERE type = 'table'");
  return new Set(rows.map(({ name }) => name));
};

const reportOf = async (reader: DataSource, bytes: number): Promise<FileReport> => {
  const tables = await tableNames(reader);
  const verdicts: readonly { quick_check: string }[] = await reader.query('PRAGMA quick_check(1)');
  const verdict = verdicts[0]?.quick_check;
  const rows: readonly { name: string }[] = tables.has('migrations') ? await reader.query('SELECT name FROM migrations ORDER BY id') : [];
  const stored: readonly { id: number; name: string; url: string; enabled: number }[] = tables.has('channels')
    ? await reader.query('SELECT id, name, url, enabled FROM channels ORDER BY id')
    : [];
  const executed = rows.map(({ name }) => name);
  return {
    kind: 'readable',
    bytes,
    damage: verdict === 'ok' ? undefined : verdict,
    executed,
    pending: migrations.map(({ name }) => name).filter((name) => !executed.includes(name)),
    channels: stored.map(({ id, name, url, enabled }) => ({ id, name, url, enabled: enabled !== 0 })),
  };
};

/** Looks at the file, and whether its keys can be read, and changes nothing, also while a gateway has it open. */
export const inspectDatabaseFile = async (path: string, secrets: KeySecrets): Promise<FileReport> => {
  const file = await fileAt(path);
  if (file === undefined || file.size === 0) return { kind: 'missing' };
  try {
    await prepareDatabaseFile(path);
    await refuseUnreadableKeys(path, secrets);
    const reader = new DataSource({ ...dataSourceOptions(path), enableWAL: false, readonly: true, fileMustExist: true });
    await reader.initialize();
    try {
      return await reportOf(reader, file.size);
    } finally {
      await reader.destroy();
    }
  } catch (error) {
    return { kind: 'refused', sentence: refusalOf(path, error).message };
  }
};
