import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { commandLine } from '../support/command-line.js';
import { closedPortUrl } from '../support/fake-upstream.js';

const servers = new Set<Server>();
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  servers.clear();
});

/** The port of something that answers like this. */
const listening = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  return String(address.port);
};

describe('ccload health', () => {
  it.each([
    [[], '/health'],
    [['--ready'], '/ready'],
  ])('with %j is content when %s answers 200', async (options, path) => {
    const PORT = await listening((request, response) => response.writeHead(request.url === path ? 200 : 404).end('{"status":"fine"}'));
    expect(await commandLine({ PORT }).run('health', ...options)).toEqual({ exitCode: 0, out: '{"status":"fine"}\n', err: '' });
  });

  it('asks at this machine when the gateway listens everywhere', async () => {
    const PORT = await listening((_request, response) => response.end('ok'));
    expect(await commandLine({ PORT, HOST: '0.0.0.0' }).run('health')).toMatchObject({ exitCode: 0 });
  });

  it('fails with what it was told while the gateway drains, and shows no control characters of it', async () => {
    const PORT = await listening((_request, response) => response.writeHead(503).end('draining\u001B[2J'));
    const { exitCode, out, err } = await commandLine({ PORT }).run('health', '--ready');
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(`http://127.0.0.1:${PORT}/ready answers 503: draining\u{fffd}[2J`);
  });

  it('follows no redirect', async () => {
    const PORT = await listening((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    expect(await commandLine({ PORT }).run('health')).toMatchObject({ exitCode: 1, out: '' });
  });

  it('fails within its limit when nothing is ever answered', async () => {
    const PORT = await listening(() => undefined);
    const { exitCode, err } = await commandLine({ PORT }).run('health');
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/does not answer: .*timeout/)]);
  });

  it('fails when nobody listens, and says so', async () => {
    const PORT = new URL(await closedPortUrl()).port;
    expect(await commandLine({ PORT }).run('health')).toMatchObject({ exitCode: 1, err: expect.stringMatching(/does not answer: .*ECONNREFUSED/) });
  });

  it.each([
    [{ PORT: '0' }, 'PORT is 0'],
    [{ PORT: 'eighty' }, 'PORT must be'],
  ])('says with %j what is in the way', async (env, sentence) => {
    expect(await commandLine(env).run('health')).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining(sentence) });
  });
});
