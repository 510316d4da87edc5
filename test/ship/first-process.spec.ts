import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newFolder, spawnGateway, type GatewayProcess } from '../support/gateway.js';
import { until } from '../support/until.js';

/*
 * In a container the gateway is process 1: no shell and no init stands between it and the runtime. The kernel hands process 1
 * only signals that it has a handler for. On Linux, with the right to make a PID namespace, this is tried as it will be.
 */

const inNamespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
const canBeFirst = spawnSync(inNamespace[0], [...inNamespace.slice(1), 'true']).status === 0;
const itAsFirst = canBeFirst ? it : it.skip;
const whereFirst = canBeFirst ? '' : ' (NOT RUN: no right to make a PID namespace)';
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

const started = new Set<GatewayProcess>();
const spawned = (options: Parameters<typeof spawnGateway>[0]): GatewayProcess => {
  const gateway = spawnGateway(options);
  started.add(gateway);
  return gateway;
};
afterEach(() => {
  for (const gateway of started) gateway.signal('SIGKILL');
  started.clear();
});

/** A module that sends the signal the moment the program asks for it: long before it listens. */
const signalAtOnce = (): URL => {
  const file = join(newFolder(), 'signal-at-once.mjs');
  const lines = [
    'const send = (name) => {',
    "  if (name !== 'SIGTERM') return;",
    "  process.off('newListener', send);",
    "  setImmediate(() => process.kill(process.pid, 'SIGTERM'));",
    '};',
    "process.on('newListener', send);",
  ];
  writeFileSync(file, lines.join('\n'));
  return pathToFileURL(file);
};

describe('a signal', () => {
  it('while the program starts ends it at once, in its own words and not by the kernel', async () => {
    const gateway = spawned({ preload: signalAtOnce() });
    expect(await gateway.exitCode()).toBe(143);
    expect(gateway.output).not.toContain('listening');
  });

  itAsFirst(`while process 1 starts ends it at once${whereFirst}`, async () => {
    const command = [...inNamespace, process.execPath, '--import', signalAtOnce().href, main] as const;
    const gateway = spawned({ command });
    expect(await gateway.exitCode()).toBe(143);
  });

  itAsFirst(`lets process 1 drain and end with 0${whereFirst}`, async () => {
    const gateway = spawned({ command: [...inNamespace, process.execPath, main] });
    await gateway.port();
    // unshare itself does not hand signals on; its only child is process 1 of the namespace.
    const [child = ''] = await until('process 1', () => {
      const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(gateway.pid)], { encoding: 'utf8' });
      return stdout.trim() === '' ? undefined : stdout.trim().split(/\s+/);
    });
    process.kill(Number(child), 'SIGTERM');
    expect(await gateway.exitCode()).toBe(0);
    expect(gateway.output).toContain('SIGTERM: draining 0 running calls');
  });
});
