import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { openDatabase } from '../../src/database/open-database.js';
import type { OpenRepositories } from '../../src/database/open-repositories.js';
import { SerialCalls } from '../../src/database/repository-calls.js';
import { temporaryFolder } from '../support/temporary-database.js';

/** What calls ran durably, and what was brought to rest. */
const watched = async (use: (calls: SerialCalls, seen: string[]) => Promise<void>): Promise<void> => {
  const folder = await temporaryFolder();
  const open = await openDatabase({ path: join(folder, 'ccload.db') });
  const seen: string[] = [];
  const watchedOpen: OpenRepositories = {
    ...open,
    durably: async (work) => {
      seen.push('durably');
      return open.durably(work);
    },
    recover: async () => {
      seen.push('recovered');
      await open.recover();
    },
  };
  await use(new SerialCalls(watchedOpen), seen);
  await open.close();
  await rm(folder, { recursive: true });
};

const draft = { name: 'a', apiKey: 'k', url: 'https://a.example.com', models: ['m'], priority: 0, enabled: true };

describe('what an operator is told is stored', () => {
  it.each([
    ['channels', 'insert', [draft, 1]],
    ['channels', 'delete', [1]],
    ['settings', 'valueOrInsert', ['k', 'v']],
  ] as const)('is on the disk before the answer: %s.%s', (repository, method, args) =>
    watched(async (calls, seen) => {
      await calls.run({ repository, method, args });
      expect(seen).toEqual(['durably']);
    }));

  it.each([
    ['logs', 'append', [[]]],
    ['channels', 'all', []],
  ] as const)('does not slow down what nobody waits for: %s.%s', (repository, method, args) =>
    watched(async (calls, seen) => {
      await calls.run({ repository, method, args });
      expect(seen).toEqual([]);
    }));

  it('is followed by the next call only after a failed one was brought to rest', () =>
    watched(async (calls, seen) => {
      const failed = calls.run({ repository: 'channels', method: 'insert', args: [{ ...draft, name: null }, 1] });
      const next = calls.run({ repository: 'channels', method: 'insert', args: [draft, 1] });
      await expect(failed).rejects.toThrow('NOT NULL');
      await next;
      expect(seen).toEqual(['durably', 'recovered', 'durably']);
    }));

  it('knows no method that is not listed', () =>
    watched(async (calls) => {
      await expect(calls.run({ repository: 'channels', method: 'constructor', args: [] })).rejects.toThrow('there is no method channels.constructor');
    }));
});
