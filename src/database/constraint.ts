import { QueryFailedError } from 'typeorm';

/** How SQLite (unique column, primary key) and PostgreSQL name a value that is already there. */
const uniqueViolationCodes: ReadonlySet<unknown> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  '23505',
]);

/** True when a statement failed because a value that must be unique was already there. */
export const isUniqueViolation = (error: unknown): boolean => {
  if (!(error instanceof QueryFailedError)) return false;
  const driverError: unknown = error.driverError;
  return typeof driverError === 'object' && driverError !== null && 'code' in driverError && uniqueViolationCodes.has(driverError.code);
};
