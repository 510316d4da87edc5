import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createAdminApp } from '../../src/admin-app.js';
import { loadConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/variable-reader.js';
import { Database } from '../../src/database/database.js';
import type { DatabasePlace } from '../../src/database/place.js';
import { newPlaceIn } from './temporary-database.js';

export const password = 'correct horse';

/** A control plane on a database of its own. It ends with the spec file, also when a test fails before it is done. */
export interface AdminUnderTest {
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly folder: string;
  readonly place: DatabasePlace;
  /** Requests without a session. */
  readonly anonymous: ReturnType<typeof request>;
  /** Requests of an operator who has logged in. */
  readonly operator: ReturnType<typeof request.agent>;
  /** Ends this one and starts another on the same file. */
  restarted(env?: Environment): Promise<AdminUnderTest>;
}

const running = new Set<() => Promise<void>>();
const folders = new Set<string>();
afterAll(async () => {
  for (const stop of running) await stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const startIn = async (folder: string, place: DatabasePlace, env: Environment): Promise<AdminUnderTest> => {
  const config = loadConfig({ CCLOAD_PASS: password, LOG_LEVEL: 'error', ...env });
  if ('problems' in config) throw new Error(config.problems.join('\n'));
  const database = await Database.inline({ ...place, secrets: config.keySecrets });
  const app = await createAdminApp({ config, database });
  const handler = app.getHttpAdapter().getInstance();
  const operator = request.agent(handler);
  const stop = async (): Promise<void> => {
    running.delete(stop);
    await app.close();
    await database.close();
  };
  running.add(stop);
  if (config.password === password) await operator.post('/login').send({ password }).expect(200);
  return {
    app,
    database,
    folder,
    place,
    anonymous: request(handler),
    operator,
    restarted: async (changed = {}) => {
      await stop();
      return startIn(folder, place, { ...env, ...changed });
    },
  };
};

export const startAdmin = async (env: Environment = {}): Promise<AdminUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccload-admin-'));
  folders.add(folder);
  return startIn(folder, await newPlaceIn(folder), env);
};

let channels = 0;

/** A body for `POST /admin/channels` that is right in every field, with a name of its own. */
export const aChannel = (changes: object = {}): object => {
  channels += 1;
  return {
    name: `channel ${channels}`,
    api_key: 'sk-ant-0123456789-abcd',
    url: 'https://relay.example.com',
    models: ['claude-a', 'claude-b'],
    ...changes,
  };
};
