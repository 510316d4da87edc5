import { codeOf, messageOf } from '../error-message.js';
import { DatabaseRefusal } from '../database-refusal.js';
import { storageProblemIn } from './lost-connection.js';
import { serverNameOf } from './server-name.js';

const sentences: Readonly<Record<string, string>> = {
  '28P01': 'refuses the user or the password of DATABASE_URL',
  '28000': 'refuses the user of DATABASE_URL: look at its pg_hba.conf',
  '3D000': 'has no such database: make it with createdb, or correct DATABASE_URL',
  '42501': 'does not let the user of DATABASE_URL make or change tables: make it the owner of the database, or of its schema',
  '25006': 'may not be written to: it is a standby, or set to read only',
  '53100': 'cannot grow: its disk is full',
};

/** Why the server cannot be used, as one sentence that names it and no secret. */
export const postgresRefusalOf = (url: string, error: unknown): DatabaseRefusal => {
  if (error instanceof DatabaseRefusal) return error;
  const known = sentences[String(codeOf(error))];
  return new DatabaseRefusal(`${serverNameOf(url)} ${known ?? `cannot be used: ${messageOf(error)}`}.`, { cause: error });
};

/** It may be there in a moment: it starts, is switched over, or has no place for one more connection. */
export const mayComeBack = (error: unknown): boolean => storageProblemIn(error) === 'unreachable';
