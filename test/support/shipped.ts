import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { send } from './client.js';
import { inheritedPath } from './gateway.js';

export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
const runMsMax = 90_000;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const execute = promisify(execFile);

const isEnded = (value: unknown): value is { readonly code: number; readonly stdout: string; readonly stderr: string } =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number' && 'stdout' in value && 'stderr' in value;

/** Runs a program to its end, with these variables and a PATH; rejects when it cannot be started or does not end in time. */
export const ran = async (command: readonly [program: string, ...args: readonly string[]], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
  const [program, ...args] = command;
  try {
    const { stdout, stderr } = await execute(program, args, { cwd, env: { PATH: inheritedPath, ...env }, timeout: runMsMax, killSignal: 'SIGKILL' });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    if (isEnded(error)) return { code: error.code, out: error.stdout, err: error.stderr };
    throw error;
  }
};

const script = async (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> => {
  const { code, err } = await ran([process.execPath, join(repositoryFolder, 'scripts', name), ...args], repositoryFolder, env);
  if (code !== 0) throw new Error(`${name} failed:\n${err}`);
};

/** The program as it ships, made from the built sources into this folder. */
export const bundleInto = (folder: string, env: Readonly<Record<string, string>> = {}): Promise<void> => script('bundle.mjs', ['--to', folder], env);

/** The bundled program as one executable file. */
export const binaryFrom = (folder: string, file: string): Promise<void> => script('binary.mjs', ['--program', folder, '--to', file]);

/** What a program that lacks a file of its own would not answer: status and type of a page, a style sheet, a script, a description. */
export const ownFiles = async (port: number): Promise<readonly string[]> => {
  const page = await send(port, { method: 'GET', path: '/web/login' });
  const style = /href="([^"]+\.css)"/.exec(page.text)?.[1] ?? '/no-style-sheet-in-the-page';
  const charts = style.replace(/css\/[^/]*$/, 'vendor/uplot.js');
  const paths = ['/web/login', style, charts, '/docs/json', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css'];
  const answers = await Promise.all(paths.map((path) => send(port, { method: 'GET', path })));
  return answers.map(({ status, header }) => `${status} ${header('content-type')?.split(';')[0]}`);
};

export const ownFilesServed = ['200 text/html', '200 text/css', '200 text/javascript', '200 application/json', '200 text/javascript', '200 text/css'];
