import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adminPassword, inheritedPath, newFolder } from './gateway.js';

/** The file that Node starts with. */
export const commandLineProgram = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const endMsMax = 20_000;

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line as a process of its own, in a new folder, with these variables and this standard input; what reads its output may close it. */
export const runCommandLine = (argv: readonly string[], env: Readonly<Record<string, string>>, input = '', isRead = true): Promise<CommandEnd> =>
  new Promise((resolve, reject) => {
    const folder = newFolder();
    const child = spawn(process.execPath, [commandLineProgram, ...argv], {
      cwd: folder,
      env: { PATH: inheritedPath, CCLOAD_PASS: adminPassword, HOST: '127.0.0.1', ...env },
      timeout: endMsMax,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    // As head does, only sooner.
    if (!isRead) child.stdout.destroy();
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      rmSync(folder, { recursive: true });
      resolve({ code, out, err });
    });
    child.stdin.on('error', () => undefined).end(input);
  });
