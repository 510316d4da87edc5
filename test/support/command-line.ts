import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdminApp } from '../../src/admin-app.js';
import type { Surroundings } from '../../src/cli/command.js';
import { placeIn } from '../../src/cli/reach.js';
import { runProgram, type ProgramEnd } from '../../src/cli/program.js';
import type { Config } from '../../src/config/config.js';
import type { Environment } from '../../src/config/variable-reader.js';
import { readEnvironment } from '../../src/config/environment.js';
import { Database } from '../../src/database/database.js';
import { createHttpServer, listen } from '../../src/http-server.js';

/** The command line in a folder of its own, without a process. */
export interface CommandLine {
  readonly folder: string;
  run(...argv: readonly string[]): Promise<ProgramEnd>;
  /** The same folder, with this on standard input. */
  withInput(text: string): CommandLine;
  with(env: Environment): CommandLine;
}

const folders = new Set<string>();
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const openGatewayIn =
  (folder: string): Surroundings['openGateway'] =>
  async (config: Config) => {
    const database = await Database.inline({ ...placeIn(folder, config), secrets: config.keySecrets });
    const app = await createAdminApp({ config, database });
    const server = createHttpServer(app.getHttpAdapter().getInstance());
    const port = await listen(server, '127.0.0.1', 0);
    return {
      url: `http://127.0.0.1:${port}`,
      close: async () => {
        server.close();
        server.closeAllConnections();
        await app.close();
        await database.close();
      },
    };
  };

const inFolder = (folder: string, env: Environment, input: string): CommandLine => ({
  folder,
  run: (...argv) =>
    runProgram(argv, {
      folder,
      environment: () => readEnvironment(folder, env),
      readInput: () => Promise.resolve(input),
      openGateway: openGatewayIn(folder),
    }),
  withInput: (text) => inFolder(folder, env, text),
  with: (changes) => inFolder(folder, { ...env, ...changes }, input),
});

/** PORT 0, so that no gateway of this machine is found. */
export const commandLine = (env: Environment = {}): CommandLine => {
  const folder = mkdtempSync(join(tmpdir(), 'ccload-cli-'));
  folders.add(folder);
  return inFolder(folder, { CCLOAD_PASS: 'a long enough password', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'error', ...env }, '');
};
