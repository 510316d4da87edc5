import { afterEach, describe, expect, it, jest } from '@jest/globals';
import dns from 'node:dns';
import { createServer, type Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import { connectProblem } from './connect-check.js';

const open = new Set<Server>();
afterEach(() => {
  for (const server of open) server.close();
  open.clear();
});

const portOf = async (server: Server): Promise<number> => {
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  return address.port;
};

const closing = (): Server => createServer((socket) => socket.on('error', () => undefined).destroy());
const silent = (): Server => createServer((socket) => void socket.on('error', () => undefined));
const talking = (): Server => createServer((socket) => void socket.on('error', () => undefined).end('SMTP ready\r\n'));
const selfSigned = (): Server => {
  const file = (name: string): Buffer => readFileSync(new URL(`../../test/support/tls/${name}`, import.meta.url));
  return createTlsServer({ key: file('key.pem'), cert: file('cert.pem') }, (socket) => void socket.on('error', () => undefined)).on('tlsClientError', () => undefined);
};

describe('a look at an address', () => {
  it('finds nothing wrong with one that takes connections', async () => {
    expect(await connectProblem(`http://127.0.0.1:${await portOf(silent())}/v1`)).toBeUndefined();
  });

  it('tells of a port that nobody listens on', async () => {
    const server = silent();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await connectProblem(`http://127.0.0.1:${port}`)).toMatch(/^127\.0\.0\.1 refuses the connection/);
  });

  it('tells of a name that does not exist', async () => {
    expect(await connectProblem('https://nobody.invalid')).toMatch(/^the name nobody\.invalid cannot be looked up|within/);
  });

  it('tells of an address that is not allowed, without connecting', async () => {
    expect(await connectProblem('http://169.254.169.254/latest')).toMatch(/^169\.254\.169\.254 leads to an address that is not allowed: .*CCLOAD_ALLOW_LINK_LOCAL=true/);
  });

  it('connects to what it has looked at: the name is not asked again', async () => {
    const port = await portOf(silent());
    const again = jest.spyOn(dns, 'lookup');
    expect(await connectProblem(`http://localhost:${port}`)).toBeUndefined();
    expect(again).not.toHaveBeenCalled();
    again.mockRestore();
  });

  it.each([
    ['a certificate that nobody signed', selfSigned, /certificate/],
    ['a server that speaks no TLS', talking, /does not speak TLS|cannot be reached/],
    ['a server that hangs up', closing, /cannot be reached/],
    ['a server that stays silent', silent, /no connection within/],
  ])('tells of %s', async (_what, server, sentence) => {
    const startedAt = performance.now();
    expect(await connectProblem(`https://127.0.0.1:${await portOf(server())}`, 500)).toMatch(sentence);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
