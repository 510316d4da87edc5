import { DataSource } from 'typeorm';
import { migrations } from '../data-source.js';
import { executedMigrations } from '../known-migrations.js';
import type { FileReport } from '../inspect-file.js';
import type { KeySecrets } from '../key-secrets.js';
import { unreadableKeysIn } from '../sealed-keys.js';
import { storedAddresses } from '../stored-addresses.js';
import { tableNames } from '../table-names.js';
import { postgresOptions } from './postgres-options.js';
import { postgresRefusalOf } from './postgres-refusal.js';
import { refuseStrangers } from './prepare-tables.js';
import { serverNameOf } from './server-name.js';

const reportOf = async (url: string, secrets: KeySecrets, reader: DataSource): Promise<FileReport> => {
  const server = serverNameOf(url);
  const tables = await tableNames(reader);
  await refuseStrangers(server, reader, tables);
  if (tables.length === 0) return { kind: 'missing' };
  const problem = await unreadableKeysIn(reader, secrets);
  if (problem !== undefined) return { kind: 'refused', sentence: `${server} ${problem}.` };
  const executed = await executedMigrations(reader);
  const [size] = await reader.query<readonly { readonly bytes: number }[]>('SELECT pg_database_size(current_database()) AS bytes');
  return {
    kind: 'readable',
    bytes: size?.bytes ?? 0,
    damage: undefined,
    executed,
    pending: migrations.map(({ name }) => name).filter((name) => !executed.includes(name)),
    channels: await storedAddresses(reader),
  };
};

/** Looks at the database of a server, and whether its keys can be read, and changes nothing. Does not wait for a server that is away. */
export const inspectServer = async (url: string, secrets: KeySecrets): Promise<FileReport> => {
  const reader = new DataSource(postgresOptions(url, 'reading'));
  try {
    await reader.initialize();
    return await reportOf(url, secrets, reader).finally(() => reader.destroy());
  } catch (error) {
    return { kind: 'refused', sentence: postgresRefusalOf(url, error).message };
  }
};
