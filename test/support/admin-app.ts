import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createAdminApp } from '../../src/admin-app.js';
import { loadConfig, type Environment } from '../../src/config/config.js';
import { Database } from '../../src/database/database.js';

export const password = 'correct horse';

/** A control plane on a database of its own. `end` closes both; `restarted` gives a new one on the same file. */
export interface AdminUnderTest {
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly folder: string;
  /** Requests without a session. */
  readonly anonymous: ReturnType<typeof request>;
  /** Requests of an operator who has logged in. */
  readonly operator: ReturnType<typeof request.agent>;
  restarted(env?: Environment): Promise<AdminUnderTest>;
  end(): Promise<void>;
}

const startIn = async (folder: string, env: Environment): Promise<AdminUnderTest> => {
  const config = loadConfig({ CCLOAD_PASS: password, LOG_LEVEL: 'error', ...env });
  if ('problems' in config) throw new Error(config.problems.join('\n'));
  const database = await Database.inline({ path: join(folder, 'ccload.db') });
  const app = await createAdminApp({ config, database });
  const handler = app.getHttpAdapter().getInstance();
  const operator = request.agent(handler);
  if (config.password === password) await operator.post('/login').send({ password }).expect(200);
  const stop = async (): Promise<void> => {
    await app.close();
    await database.close();
  };
  return {
    app,
    database,
    folder,
    anonymous: request(handler),
    operator,
    restarted: async (changed = {}) => {
      await stop();
      return startIn(folder, { ...env, ...changed });
    },
    end: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const startAdmin = (env: Environment = {}): Promise<AdminUnderTest> =>
  startIn(mkdtempSync(join(tmpdir(), 'ccload-admin-')), env);

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
