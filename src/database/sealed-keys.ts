import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { DatabaseRefusal } from './database-refusal.js';
import { emptyJournal } from './journal.js';
import { inMemoryPath } from './in-memory-path.js';
import type { KeySecrets } from './key-secrets.js';
import { plainKeys, sealedBy, SecretSealer, type KeySealer } from './key-sealer.js';
import { readingOnly } from './reading-only.js';
import { runSql } from './run-sql.js';
import { tableNames } from './table-names.js';

const saltBytes = 16;
const saltSetting = 'key_salt';

interface KeyRow {
  readonly id: number;
  readonly api_key: string;
}

const keysIn = async (dataSource: DataSource): Promise<readonly KeyRow[]> => dataSource.query('SELECT id, api_key FROM channels');

const saltIn = async (dataSource: DataSource): Promise<Buffer | undefined> => {
  const [row]: readonly { value: string }[] = await dataSource.query(`SELECT value FROM settings WHERE "key" = '${saltSetting}'`);
  return row === undefined ? undefined : Buffer.from(row.value, 'base64url');
};

const sealersOf = ({ current, previous }: KeySecrets, salt: Buffer): readonly SecretSealer[] =>
  [current, previous].flatMap((secret) => (secret === undefined ? [] : [new SecretSealer(secret, salt)]));

const opens = (sealer: KeySealer, stored: string): boolean => {
  try {
    sealer.open(stored);
    return true;
  } catch {
    return false;
  }
};

/** Why these keys cannot be read with these secrets, as the end of a sentence; `undefined` when they can. */
const problemOf = (keys: readonly KeyRow[], secrets: KeySecrets, salt: Buffer | undefined): string | undefined => {
  const sealed = keys.filter(({ api_key }) => sealedBy(api_key) !== undefined);
  if (sealed.length === 0) return undefined;
  if (secrets.current === undefined) return 'holds sealed channel keys: set CCLOAD_SECRET_KEY to the secret they were sealed with';
  const sealers = new Map(sealersOf(secrets, salt ?? Buffer.alloc(0)).map((sealer) => [sealer.id, sealer]));
  for (const { id, api_key } of sealed) {
    const sealer = sealers.get(sealedBy(api_key) ?? '');
    if (sealer === undefined) {
      const names = secrets.previous === undefined ? 'CCLOAD_SECRET_KEY' : 'CCLOAD_SECRET_KEY and CCLOAD_SECRET_KEY_OLD';
      return `holds channel keys that were sealed with another secret than ${names}`;
    }
    if (!opens(sealer, api_key)) return `holds a damaged key: channel ${id} cannot be opened with the secret that sealed it`;
  }
  return undefined;
};

/** Why the keys in the tables cannot be read, as the end of a sentence; `undefined` when they can, or there are none yet. */
export const unreadableKeysIn = async (reader: DataSource, secrets: KeySecrets): Promise<string | undefined> => {
  const tables = await tableNames(reader);
  if (!tables.includes('channels') || !tables.includes('settings')) return undefined;
  return problemOf(await keysIn(reader), secrets, await saltIn(reader));
};

/**
 * Looks, without changing a byte, whether the keys in the file can be read. Throws a `DatabaseRefusal` when they cannot:
 * before anything is migrated or sealed.
 */
export const refuseUnreadableKeys = async (path: string, secrets: KeySecrets): Promise<void> => {
  if (path === inMemoryPath || !existsSync(path) || statSync(path).size === 0) return;
  await readingOnly(path, async (reader) => {
    const problem = await unreadableKeysIn(reader, secrets);
    if (problem !== undefined) throw new DatabaseRefusal(`The database ${path} ${problem}. Nothing was changed.`);
  });
};

const storedSalt = async (dataSource: DataSource): Promise<Buffer> => {
  const kept = await saltIn(dataSource);
  if (kept !== undefined) return kept;
  const salt = randomBytes(saltBytes);
  await runSql(dataSource, `INSERT INTO settings ("key", value) VALUES ('${saltSetting}', ?)`, [salt.toString('base64url')]);
  return salt;
};

/** Seals with the current secret whatever lies open or was sealed with the previous one. All keys or none. */
const sealAll = async (dataSource: DataSource, sealer: SecretSealer, previous: SecretSealer | undefined): Promise<number> => {
  const stale = (await keysIn(dataSource)).filter(({ api_key }) => sealedBy(api_key) !== sealer.id);
  await dataSource.transaction(async (manager) => {
    for (const { id, api_key } of stale) {
      const key = sealedBy(api_key) === undefined ? api_key : (previous ?? sealer).open(api_key);
      await runSql(manager, 'UPDATE channels SET api_key = ? WHERE id = ?', [sealer.seal(key), id]);
    }
  });
  return stale.length;
};

/** What the repositories read and write keys with. Brings the keys in the table in line with the secrets first. */
export const sealKeys = async (dataSource: DataSource, secrets: KeySecrets): Promise<KeySealer> => {
  if (secrets.current === undefined) return plainKeys;
  const [sealer, previous] = sealersOf(secrets, await storedSalt(dataSource));
  if (sealer === undefined) return plainKeys;
  if ((await sealAll(dataSource, sealer, previous)) > 0) await emptyJournal(dataSource);
  return sealer;
};
