import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCanary, tracesIn } from '../support/canaries.js';
import { send } from '../support/client.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { until } from '../support/until.js';

const entry = fileURLToPath(new URL('program-with-bugs.mjs', import.meta.url));
const secret = newCanary('request');

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ entry, env: { CCLOAD_AUTH: secret.core } });
});
afterAll(() => gateway.end());

const bugsReported = (): number => gateway.process.output.match(/uncaught/g)?.length ?? 0;

describe('what nobody catches', () => {
  it('is in the log with its place, and without the text that it holds', async () => {
    writeFileSync(join(gateway.process.folder, 'canary'), secret.core);
    gateway.process.signal('SIGUSR2');
    await until('five reports', () => (bugsReported() >= 5 ? true : undefined));
    expect(tracesIn(gateway.process.output, [secret])).toEqual([]);
    expect(gateway.process.output).toMatch(/SyntaxError: .*\n +at JSON\.parse|SyntaxError: .*\n +at process\.<anonymous> \(.*program-with-bugs\.mjs/);
    expect(gateway.process.output).toContain('caused by Error: got "…"');
    expect((await send(gateway.port, { path: '/health', method: 'GET' })).status).toBe(200);
  });
});

describe('a crash', () => {
  it('prints no secret and leaves no report, with its copy of the environment, beside the database', async () => {
    const before = readdirSync(gateway.process.folder);
    gateway.process.signal('SIGABRT');
    await gateway.process.exitCode();
    expect(tracesIn(gateway.process.output, [secret])).toEqual([]);
    const left = readdirSync(gateway.process.folder).filter((file) => !before.includes(file));
    // A core file is for the system to allow or not; docs/SECURITY.md says how not to.
    expect(left.filter((file) => !file.startsWith('core'))).toEqual([]);
  });
});
