import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientToken, login } from './traffic.mjs';

const password = 'soak-password';
const entry = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const probe = new URL('probe.mjs', import.meta.url).href;
const outputCharsMax = 1_000_000;

const targetsOf = (pid) =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // Closed between the two looks.
    }
  });

/** The built gateway with the probe inside; it dies with this process. */
export const startGateway = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ccload-soak-'));
  const env = { PATH: process.env.PATH, CCLOAD_PASS: password, CCLOAD_AUTH: clientToken, HOST: '127.0.0.1', PORT: '0', SQLITE_PATH: join(folder, 'ccload.db'), LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, ['--import', probe, entry], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  const note = (bytes) => (output = `${output}${bytes}`.slice(-outputCharsMax));
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway exited with ${code}:\n${output}`)));
    child.stdout.on('data', () => {
      const found = /listening on http:\/\/\S+:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return {
    port,
    admin: await login(port, password),
    output: () => output,
    measure: async () => {
      const targets = targetsOf(child.pid);
      child.send('measure');
      const [held] = await once(child, 'message');
      return { ...held, files: targets.length, sockets: targets.filter((target) => target.startsWith('socket:')).length };
    },
    stop: async () => {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
};
