import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('takeover-program.mjs', import.meta.url));

/** Kills at random moments; `TAKEOVER_KILLS=500` is the long form. */
export const randomKillsMax = Number(process.env['TAKEOVER_KILLS'] ?? 4);

export interface TakeoverEnd {
  readonly steps: readonly string[];
  readonly wasKilled: boolean;
  /** From its first step to its end. */
  readonly tookMs: number;
}

export interface TakeoverLimits {
  /** Kills itself when it has done this many steps. */
  readonly steps?: number;
  /** Is killed this long after its first step. */
  readonly ms?: number;
  /** What it seals keys with. */
  readonly secret?: string | undefined;
}

/** A takeover in a program of its own, which ends by itself or is killed. Rejects when it fails. */
export const takeoverInChild = (path: string, { steps = 0, ms, secret }: TakeoverLimits = {}): Promise<TakeoverEnd> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, path, String(steps), ...(secret === undefined ? [] : [secret])], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let begunAt = 0;
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (bytes: Buffer) => {
      if (out === '') {
        begunAt = performance.now();
        if (ms !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), ms);
      }
      out += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`the takeover ended with ${code ?? signal}: ${err}`));
      else resolve({ steps: out.trim().split('\n'), wasKilled: signal === 'SIGKILL', tookMs: performance.now() - begunAt });
    });
  });
