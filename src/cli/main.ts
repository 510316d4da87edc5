#!/usr/bin/env node
import type { Config } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { programVersion } from '../config/program-version.js';
import { Database } from '../database/database.js';
import type { Tell } from '../database/opening-news.js';
import { placeOf } from '../database/place.js';
import { createHttpServer, listen } from '../http-server.js';
import type { OpenGateway, Surroundings } from './command.js';
import { runProgram } from './program.js';

/** A key or a password; nobody types more. */
const inputCharsMax = 64 * 1024;

const readInput = async (): Promise<string> => {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > inputCharsMax) throw new Error(`Standard input has more than ${inputCharsMax} characters.`);
  }
  return text;
};

/**
 * The same control plane that a gateway has, on a port of its own that only this machine reaches, for as long as one
 * command takes: so there is one way to change anything, with the same rules and the same audit log.
 */
const openGateway = async (config: Config): Promise<OpenGateway> => {
  // Loaded only when it is needed: help should come at once.
  const { createAdminApp } = await import('../admin-app.js');
  // A takeover may take minutes: what it tells is shown while it goes on.
  const tell: Tell = ({ sentence }) => void process.stderr.write(`${sentence}\n`);
  const database = await Database.open({ ...placeOf(config), secrets: config.keySecrets, tell });
  const app = await createAdminApp({ config: { ...config, logLevel: 'error' }, database });
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

const surroundings: Surroundings = { folder: process.cwd(), environment: () => readEnvironment(), readInput, openGateway };

/** A reader that has seen enough, such as head, closes the pipe: then there is nobody left to tell. */
const endQuietly = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
};

const argv = process.argv.slice(2);
if (argv.length === 0) {
  await import('../main.js');
} else if (argv[0] === '--version') {
  process.stdout.write(`${programVersion()}\n`);
} else {
  const { out, err, exitCode } = await runProgram(argv, surroundings);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  process.exitCode = exitCode;
  process.stdout.write(out);
  process.stderr.write(err);
}
