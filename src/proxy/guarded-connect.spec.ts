import { afterEach, describe, expect, it } from '@jest/globals';
import { buildConnector } from 'undici';
import { startUpstream } from '../../test/support/fake-upstream.js';
import { silence } from '../../test/support/script.js';
import { guarded, guardedLookup } from './guarded-connect.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const listening = async (): Promise<string> => {
  const upstream = await startUpstream([silence()]);
  closers.push(() => upstream.close());
  return String(upstream.port);
};

/** A name server that gives one list of addresses after the other; the last one again and again. */
const answering = (...answers: readonly (readonly string[])[]): ReturnType<typeof guardedLookup> => {
  let asked = 0;
  return guardedLookup((_hostname, _options, callback) => {
    const found = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    callback(null, found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  });
};

const connecting = (hostname: string, port: string, lookup: ReturnType<typeof guardedLookup>): Promise<string> =>
  new Promise((resolve) => {
    const connect = guarded(buildConnector({ timeout: 1_000, autoSelectFamily: true, lookup }));
    connect({ hostname, host: `${hostname}:${port}`, protocol: 'http:', port }, (error, socket) => {
      if (error !== null) return resolve('code' in error ? String(error.code) : error.message);
      resolve(`connected to ${socket.remoteAddress ?? ''}`);
      socket.destroy();
    });
  });

describe('a connection', () => {
  it('is made to a name that leads to an allowed address', async () => {
    expect(await connecting('relay.test', await listening(), answering(['127.0.0.1']))).toBe('connected to 127.0.0.1');
  });

  it('is made to what is allowed of several addresses', async () => {
    expect(await connecting('relay.test', await listening(), answering(['fe80::1', '169.254.169.254', '127.0.0.1']))).toBe('connected to 127.0.0.1');
  });

  it.each([[['169.254.169.254']], [['fe80::1']], [['fd00:ec2::254']], [['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe']]])('is refused to a name that leads to %j', async (addresses) => {
    expect(await connecting('relay.test', await listening(), answering(addresses))).toBe('ERR_FORBIDDEN_ADDRESS');
  });

  it('is refused to a name that was harmless a moment ago', async () => {
    const port = await listening();
    const fickle = answering(['127.0.0.1'], ['169.254.169.254']);
    expect([await connecting('fickle.test', port, fickle), await connecting('fickle.test', port, fickle)]).toEqual(['connected to 127.0.0.1', 'ERR_FORBIDDEN_ADDRESS']);
  });

  it.each(['169.254.169.254', 'fe80::1', '::ffff:a9fe:a9fe'])('is refused to %s itself, which nobody looks up', async (address) => {
    expect(await connecting(address, '80', answering(['127.0.0.1']))).toBe('ERR_FORBIDDEN_ADDRESS');
  });

  it('fails as it would have when the name is not known', async () => {
    const lookup = guardedLookup((_hostname, _options, callback) => callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []));
    expect(await connecting('nobody.test', '80', lookup)).toBe('ENOTFOUND');
  });

  it('takes one address where one is asked for', async () => {
    const found = await new Promise((resolve) => answering(['169.254.1.1', '127.0.0.1'])('relay.test', {}, (...answer) => resolve(answer)));
    expect(found).toEqual([null, '127.0.0.1', 4]);
  });
});
