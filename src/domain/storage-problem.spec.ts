import { describe, expect, it } from '@jest/globals';
import { storageProblemOf } from './storage-problem.js';

describe('an error code of SQLite, PostgreSQL or the way there', () => {
  it.each([
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY', 'read-only'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
    ['SQLITE_BUSY', 'held'],
    ['SQLITE_BUSY_SNAPSHOT', 'held'],
    ['SQLITE_CORRUPT_VTAB', 'damaged'],
    ['SQLITE_NOTADB', 'damaged'],
    ['SQLITE_IOERR_WRITE', 'refused-by-disk'],
    ['SQLITE_IOERR_SHMSIZE', 'refused-by-disk'],
    ['SQLITE_CANTOPEN', 'refused-by-disk'],
    ['53100', 'disk-full'],
    ['25006', 'read-only'],
    ['40P01', 'held'],
    ['57014', 'held'],
    ['XX001', 'damaged'],
    ['58030', 'refused-by-disk'],
    ['08006', 'unreachable'],
    ['57P01', 'unreachable'],
    ['53300', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['ETIMEDOUT', 'unreachable'],
  ])('%s means %s', (code, problem) => {
    expect(storageProblemOf(code)).toBe(problem);
  });

  it.each(['SQLITE_ERROR', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_TOOBIG', '23505', '22021', '42P01', 'ENOENT', '', undefined, 13])(
    'that is %j says nothing about the storage',
    (code) => {
      expect(storageProblemOf(code)).toBeUndefined();
    },
  );
});
