import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const soak = fileURLToPath(new URL('soak.mjs', import.meta.url));
const secondsOfTraffic = 12;

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGTERM');
});

/** Runs the soak as a program of its own, which ends what it has started. */
const runSoak = (...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string; readonly problems: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [soak, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    let text = '';
    let problems = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (problems += bytes.toString()));
    child.once('close', (code) => resolve({ code, text, problems }));
  });

describe('the soak in its short form', () => {
  it('finds memory, handles, sockets, timers and listeners back where they were, and no bug in the log', async () => {
    const { code, text } = await runSoak('--seconds', String(secondsOfTraffic));
    const report = JSON.parse(text);
    expect(report.problems).toEqual([]);
    expect(report.answersByStatus['200']).toBeGreaterThan(50);
    expect(report.answersByStatus.edits).toBeGreaterThan(0);
    expect(code).toBe(0);
  }, 120_000);

  it('refuses a time that it cannot be meant to take', async () => {
    const { code, problems } = await runSoak('--minutes', 'long');
    expect([code, problems]).toEqual([1, expect.stringContaining('expected --minutes or --seconds')]);
  });
});
