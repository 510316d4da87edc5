import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const cookieOf = (answer: Response): string => (answer.get('Set-Cookie') ?? [])[0]?.split(';')[0] ?? '';

describe('logging in', () => {
  let admin: AdminUnderTest;
  beforeAll(async () => {
    admin = await startAdmin({ TRUST_PROXY: 'loopback' });
  });

  const logIn = (body: string | object, from = '198.51.100.1') =>
    admin.anonymous.post('/login').set('X-Forwarded-For', from).send(body);

  it('answers with a cookie that scripts and other sites cannot use', async () => {
    const answer = await logIn({ password }).expect(200);
    expect(answer.body).toEqual({ status: 'success' });
    expect(answer.get('Set-Cookie')?.[0]).toMatch(
      /^ccload_session=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('marks the cookie as secure behind a trusted proxy that speaks HTTPS', async () => {
    const answer = await logIn({ password }).set('X-Forwarded-Proto', 'https').expect(200);
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/; Secure/);
  });

  it('takes what a form posts', async () => {
    await admin.anonymous.post('/login').type('form').send({ password }).expect(200, { status: 'success' });
  });

  it.each([
    ['/web/logs.html?model=a', '/web/logs.html?model=a'],
    ['https://evil.example/', '/web/'],
    ['//evil.example', '/web/'],
    ['/\\\\evil.example', '/web/'],
    ['', '/web/'],
  ])('leads a form that names the page %j to %s', async (redirect, location) => {
    const answer = await admin.anonymous.post('/login').type('form').send({ password, redirect }).expect(303);
    expect(answer.get('Location')).toBe(location);
    expect(cookieOf(answer)).not.toBe('');
  });

  it('leads nobody anywhere who sent JSON or the wrong password', async () => {
    await logIn({ password, redirect: '/web/logs.html' }).expect(200, { status: 'success' });
    await admin.anonymous.post('/login').type('form').send({ password: 'wrong', redirect: '/web/' }).expect(401);
  });

  it('gives the session a new id', async () => {
    const first = cookieOf(await logIn({ password }));
    const second = cookieOf(await logIn({ password }).set('Cookie', first));
    expect(second).not.toBe('');
    expect(second).not.toBe(first);
    await admin.anonymous.get('/admin/channels').set('Cookie', first).expect(401);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 401],
    ['an almost right one', { password: `${password} ` }, 401],
    ['an empty one', { password: '' }, 401],
    ['none', {}, 400],
    ['a number', { password: 5 }, 400],
    ['a list', { password: [password] }, 400],
    ['null', { password: null }, 400],
    ['one of 15 000 letters', { password: 'x'.repeat(15_000) }, 400],
    ['one of a megabyte', { password: 'x'.repeat(1_000_000) }, 413],
    ['another field besides', { password, admin: true }, 400],
    ['text that is no JSON', '{"password":', 400],
    ['a list of bodies', [{ password }], 400],
  ])('refuses %s', async (_what, body, status) => {
    const answer = await logIn(typeof body === 'string' ? body : JSON.stringify(body), '198.51.100.2')
      .type('json')
      .expect(status);
    expect(answer.body).toEqual({ success: false, data: null, error: expect.any(String) });
    expect(answer.get('Set-Cookie')).toBeUndefined();
    expect(answer.text).not.toContain(password);
  });

  it('refuses the sixth attempt after five failures, also with the right password, and says when to come back', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await logIn({ password: 'wrong' }, '198.51.100.3').expect(401);
    const answer = await logIn({ password }, '198.51.100.3').expect(429);
    const seconds = Number(answer.get('Retry-After'));
    expect(seconds).toBeGreaterThan(14 * 60);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
    await logIn({ password }, '198.51.100.4').expect(200);
  });
});

describe('an address that a stranger claims', () => {
  it('does not get around the limit', async () => {
    const admin = await startAdmin();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await admin.anonymous.post('/login').set('X-Forwarded-For', `203.0.113.${attempt}`).send({ password: 'wrong' });
    }
    await admin.anonymous.post('/login').set('X-Forwarded-For', '203.0.113.99').send({ password }).expect(429);
  });
});

describe('without a session', () => {
  let admin: AdminUnderTest;
  beforeAll(async () => {
    admin = await startAdmin();
  });

  it.each([
    ['get', '/admin/channels'],
    ['get', '/admin/channels/1'],
    ['post', '/admin/channels'],
    ['put', '/admin/channels/1'],
    ['delete', '/admin/channels/1'],
    ['get', '/admin/logs'],
    ['get', '/admin/errors'],
    ['get', '/admin/'],
    ['get', '/ADMIN/channels'],
    ['get', '/admin/no-such-thing'],
    ['post', '/web/channels.html'],
  ] as const)('%s %s answers 401', async (method, path) => {
    const answer = await admin.anonymous[method](path).expect(401);
    expect(answer.body).toEqual({ success: false, data: null, error: 'log in first: POST /login' });
    expect(answer.get('Set-Cookie')).toBeUndefined();
  });

  it.each([
    ['a made-up cookie', 'ccload_session=abc'],
    ['a cookie with a wrong signature', 'ccload_session=s%3Aabc.def'],
    ['a very long cookie', `ccload_session=s%3A${'x'.repeat(8000)}.y`],
  ])('%s opens nothing', async (_what, cookie) => {
    await admin.anonymous.get('/admin/channels').set('Cookie', cookie).expect(401);
  });

  it.each([
    ['/web/channels.html', '/web/channels.html'],
    ['/web/logs.html?model=a&hours=3', '/web/logs.html?model=a&hours=3'],
    ['/web/', '/web/'],
    ['/web//evil.example', '/web//evil.example'],
  ])('the page %s leads to the login page and back', async (path, back) => {
    const answer = await admin.anonymous.get(path).expect(302);
    expect(answer.get('Location')).toBe(`/web/login.html?redirect=${encodeURIComponent(back)}`);
  });

  it('leaves no session in the database', async () => {
    await admin.anonymous.get('/web/').expect(302);
    await admin.anonymous.get('/health').expect(200);
    expect(await admin.database.remote('sessions').deleteExpired(Number.MAX_SAFE_INTEGER, 100)).toBe(1);
  });

  it('is served while the database is down', async () => {
    const other = await startAdmin();
    await other.database.close();
    await other.anonymous.get('/health').expect(200);
    await other.anonymous.get('/admin/channels').expect(401);
    await other.anonymous.get('/ready').expect(503);
  });
});

describe('a session', () => {
  it('survives a new program on the same database', async () => {
    const admin = await startAdmin();
    const cookie = cookieOf(await admin.anonymous.post('/login').send({ password }));
    const again = await admin.restarted();
    await again.anonymous.get('/admin/channels').set('Cookie', cookie).expect(200);
  });

  it('ends when the password changes', async () => {
    const admin = await startAdmin();
    const cookie = cookieOf(await admin.anonymous.post('/login').send({ password }));
    const again = await admin.restarted({ CCLOAD_PASS: 'another' });
    await again.anonymous.get('/admin/channels').set('Cookie', cookie).expect(401);
  });

  it.each(['post', 'get'] as const)('ends on the server with %s /logout', async (method) => {
    const admin = await startAdmin();
    const cookie = cookieOf(await admin.anonymous.post('/login').send({ password }));
    const answer = await admin.anonymous[method]('/logout').set('Cookie', cookie).expect(200, { status: 'success' });
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/^ccload_session=; .*Expires=Thu, 01 Jan 1970/);
    await admin.anonymous.get('/admin/channels').set('Cookie', cookie).expect(401);
    await admin.operator.get('/admin/channels').expect(200);
  });

  it('that nobody has can be ended too', async () => {
    const admin = await startAdmin();
    await admin.anonymous.post('/logout').expect(200, { status: 'success' });
  });
});

describe('a request from another site', () => {
  let admin: AdminUnderTest;
  beforeAll(async () => {
    admin = await startAdmin();
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Sec-Fetch-Site', 'nonsense'],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Origin', 'http://127.0.0.1:1'],
    ['Origin', ''],
  ])('is refused for its %s: %s', async (header, value) => {
    await admin.operator.post('/admin/channels').set(header, value).send({}).expect(403);
    await admin.operator.put('/admin/channels/1').set(header, value).send({ enabled: false }).expect(403);
    await admin.operator.delete('/admin/channels/1').set(header, value).expect(403);
    await admin.operator.post('/login').set(header, value).send({ password }).expect(403);
    await admin.operator.get('/logout').set(header, value).expect(403);
  });

  it.each([
    ['Sec-Fetch-Site', 'same-origin'],
    ['Sec-Fetch-Site', 'none'],
    ['Origin', 'http://ccload.example:8080'],
  ])('is not what %s: %s says', async (header, value) => {
    await admin.operator.delete('/admin/channels/999').set('Host', 'ccload.example:8080').set(header, value).expect(404);
  });

  it('may read what everybody may read', async () => {
    await admin.anonymous.get('/public/summary').set('Sec-Fetch-Site', 'cross-site').expect(200);
  });
});
