import { DataSource } from 'typeorm';
import { DatabaseRefusal } from '../database-refusal.js';
import { hadMigrations, refuseUnknownMigrations } from '../known-migrations.js';
import type { KeySealer } from '../key-sealer.js';
import type { KeySecrets } from '../key-secrets.js';
import { unreadableKeysIn, sealKeys } from '../sealed-keys.js';
import { tableNames } from '../table-names.js';
import { takeTurn } from '../turns.js';
import { postgresOptions } from './postgres-options.js';
import { serverNameOf } from './server-name.js';

/** Throws unless the database is empty or ours, of this version or an earlier one. Somebody else's tables may have our names. */
export const refuseStrangers = async (server: string, reader: DataSource, tables: readonly string[]): Promise<void> => {
  if (tables.length === 0) return;
  if (await hadMigrations(reader, tables)) return refuseUnknownMigrations(server, reader);
  throw new DatabaseRefusal(
    `${server} holds tables that are not ccLoad's (${tables[0]}); it was left untouched. Make a database for ccLoad alone.`,
  );
};

const prepare = async (url: string, secrets: KeySecrets, dataSource: DataSource): Promise<KeySealer> => {
  const server = serverNameOf(url);
  await refuseStrangers(server, dataSource, await tableNames(dataSource));
  const problem = await unreadableKeysIn(dataSource, secrets);
  if (problem !== undefined) throw new DatabaseRefusal(`${server} ${problem}. Nothing was changed.`);
  await dataSource.runMigrations();
  return sealKeys(dataSource, secrets);
};

/**
 * Brings the tables up to date and the keys in line with the secrets, one replica after the other, however many start at
 * once. Resolves with what keys are read and written with.
 */
export const preparePostgres = async (url: string, secrets: KeySecrets): Promise<KeySealer> => {
  const dataSource = await new DataSource(postgresOptions(url, 'opening')).initialize();
  try {
    // The turn has a connection of its own: it must outlast the transactions of the work.
    return await dataSource.transaction(async (manager) => {
      await takeTurn(manager, 'opening');
      return prepare(url, secrets, dataSource);
    });
  } finally {
    await dataSource.destroy();
  }
};
