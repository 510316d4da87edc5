import type { Logger } from 'typeorm';

/** What fails is told by the rejection, without parameters: those may be keys, and the library would print them. */
export const silence: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
