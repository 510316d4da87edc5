import { beforeAll, describe, expect, it } from '@jest/globals';
import { Readiness } from '../../src/health/readiness.js';
import { startAdmin, type AdminUnderTest } from '../support/admin-app.js';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
});

describe('everybody', () => {
  it.each(['/', '/health', '/ready', '/public/summary'])('may GET and HEAD %s', async (path) => {
    await admin.anonymous.get(path).expect(200).expect('Content-Type', /json/);
    expect((await admin.anonymous.head(path).expect(200)).text ?? '').toBe('');
  });

  it.each([
    ['get', '/no/such/path'],
    ['get', '/v2/messages'],
    ['get', '/%2e%2e/etc/passwd'],
    ['get', '/.env'],
    ['post', '/health'],
    ['put', '/login'],
    ['patch', '/'],
    ['delete', '/public/summary'],
  ] as const)('is told in JSON that %s %s is not there', async (method, path) => {
    const answer = await admin.anonymous[method](path).expect(404);
    expect(answer.body).toEqual({ success: false, data: null, error: expect.any(String) });
  });
});

describe('every answer', () => {
  it.each(['/', '/health', '/admin/channels', '/no/such/path', '/public/summary'])('to %s is locked down', async (path) => {
    const { headers } = await admin.anonymous.get(path);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
  });
});

describe('readiness', () => {
  it('ends when draining begins, while the program is still alive', async () => {
    const draining = await startAdmin();
    draining.app.get(Readiness).beginDraining();
    const answer = await draining.anonymous.get('/ready').expect(503);
    expect(answer.body).toEqual({ success: false, data: null, error: 'draining: send new work elsewhere' });
    await draining.anonymous.head('/ready').expect(503);
    await draining.anonymous.get('/health').expect(200);
  });

  it('ends with the database', async () => {
    const broken = await startAdmin();
    await broken.database.close();
    const answer = await broken.anonymous.get('/ready').expect(503);
    expect(answer.body.error).toBe('the database does not answer');
  });
});

describe('a database that fails', () => {
  it('is told to the operator without what was asked of it', async () => {
    const broken = await startAdmin({ LOG_LEVEL: 'error' });
    const cookieHolder = broken.operator;
    await broken.database.close();
    const answer = await cookieHolder.get('/admin/channels').expect(500);
    expect(answer.body).toEqual({
      success: false,
      data: null,
      error: 'something went wrong inside ccLoad; its log says what',
    });
  });
});
