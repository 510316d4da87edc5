import { beforeAll, describe, expect, it } from '@jest/globals';
import { password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const weightBytesMax = 250 * 1024;

describe('the pages', () => {
  let admin: AdminUnderTest;
  beforeAll(async () => {
    admin = await startAdmin();
  });

  const filesOf = (html: string): readonly string[] => [...html.matchAll(/(?:href|src)="(\/web\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');

  it.each(['/web/', '/web/index', '/web/index.html'])('answer at %s with the overview', async (path) => {
    const answer = await admin.operator.get(path).expect(200).expect('Content-Type', 'text/html; charset=utf-8');
    expect(answer.text).toContain('<h1>Overview</h1>');
    expect(answer.get('Content-Security-Policy')).toContain("script-src 'self'");
  });

  it.each(['/web/login', '/web/login.html'])('let in at %s whoever has no session', async (path) => {
    await admin.anonymous.get(path).expect(200).expect('Content-Type', 'text/html; charset=utf-8');
  });

  it.each([
    ['/web/index.html', '/web/index.html'],
    ['https://evil.example/', '/web/'],
    ['//evil.example', '/web/'],
    ['', '/web/'],
  ])('lead after a login that asked for %j to %s', async (redirect, target) => {
    const answer = await admin.anonymous.post('/web/login').type('form').send({ password, redirect }).expect(303);
    expect(answer.get('Location')).toBe(target);
  });

  it.each([
    ['wrong', 401, 'The password is wrong.'],
    ['', 400, 'Enter the password.'],
    ['x'.repeat(1_025), 400, 'This is longer than a password may be.'],
  ])('bring the login back with a sentence (password %.8j)', async (wrong, status, sentence) => {
    const answer = await admin.anonymous.post('/web/login').type('form').send({ password: wrong, redirect: '/web/index.html' }).expect(status);
    expect(answer.text).toContain(sentence);
    expect(answer.text).toContain('name="redirect" value="/web/index.html"');
  });

  it('say in words how long to wait after too many failed logins', async () => {
    const own = await startAdmin();
    for (let failure = 0; failure < 5; failure += 1) await own.anonymous.post('/web/login').type('form').send({ password: 'wrong' }).expect(401);
    const answer = await own.anonymous.post('/web/login').type('form').send({ password }).expect(429);
    expect(answer.text).toContain('Too many failed logins. Try again in 15 minutes.');
    expect(Number(answer.get('Retry-After'))).toBeGreaterThan(0);
  });

  it('of unknown addresses are pages for browsers and the envelope for programs', async () => {
    const page = await admin.operator.get('/web/nothing').set('Accept', 'text/html').expect(404);
    expect(page.text).toContain('There is no such page');
    await admin.operator.get('/web/nothing').set('Accept', 'application/json').expect(404).expect('Content-Type', /json/);
  });

  it.each([
    ['/web/channels/3/edit', '/web/channels/3/edit'],
    ['/web/channels?status=disabled', '/web/channels?status=disabled'],
    ['/web/channels/import/confirm', '/web/channels/import'],
  ])('lead from a form at %s that comes after its session to the login, and from there back to %s', async (path, back) => {
    const answer = await admin.anonymous.post(path).set('Accept', 'text/html').type('form').send({ name: 'a' }).redirects(0).expect(303);
    expect(answer.get('Location')).toBe(`/web/login.html?redirect=${encodeURIComponent(back)}`);
    const cookie = answer.get('Set-Cookie')?.[0]?.split(';')[0] ?? '';
    const said = async (language: string): Promise<string> => (await admin.anonymous.get('/web/login.html').set({ Cookie: cookie, 'Accept-Language': language })).text;
    expect(await said('en')).toContain('Your session had ended, so nothing was changed. Log in and send it again.');
    expect(await said('zh')).toContain('会话已结束，未作任何更改。请登录后重新提交。');
  });

  it('tell a program that its form needs a session, in the envelope', async () => {
    await admin.anonymous.post('/web/channels/3/edit').set('Accept', 'application/json').send({}).expect(401).expect('Content-Type', /json/);
  });

  it('log out whoever has no session any more without a word about it', async () => {
    const answer = await admin.anonymous.post('/web/logout').set('Accept', 'text/html').redirects(0).expect(303);
    expect(answer.get('Location')).toBe('/web/login.html');
  });

  it('come back from a change of language only to pages of ours', async () => {
    const answer = await admin.anonymous.post('/web/preferences').type('form').send({ language: 'zh', back: '//evil.example' }).expect(303);
    expect(answer.get('Location')).toBe('/web/');
    expect(answer.get('Set-Cookie')?.join()).toContain('ccload_language=zh');
  });

  it('keep no language or theme that there is not', async () => {
    const answer = await admin.anonymous.post('/web/preferences').type('form').send({ language: 'xx', theme: 'pink', back: '/web/' }).expect(303);
    expect(answer.get('Set-Cookie')).toBeUndefined();
  });

  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 302],
    ['*/*', 200],
    ['application/json', 200],
    ['application/json, text/html;q=0.5', 200],
  ])('are where a browser is led from / (Accept: %s → %d), and nobody else', async (accept, status) => {
    const answer = await admin.anonymous.get('/').set('Accept', accept).redirects(0).expect(status);
    expect(answer.get('Location')).toBe(status === 302 ? '/web/' : undefined);
    expect(answer.get('Vary')).toContain('Accept');
    if (status === 200) expect(answer.body).toMatchObject({ name: 'ccload', status: 'ok' });
  });

  it('are not where HEAD / is led, which Claude Code asks', async () => {
    await admin.anonymous.head('/').set('Accept', 'text/html').redirects(0).expect(200);
  });

  it('refuse a change that the page of another site sent', async () => {
    await admin.anonymous.post('/web/login').set('Sec-Fetch-Site', 'cross-site').type('form').send({ password }).expect(403);
  });

  it('speak no sentence that a stranger put into the flash cookie', async () => {
    const answer = await admin.anonymous.get('/web/login').set('Cookie', 'ccload_flash=Your%20account%20is%20blocked').expect(200);
    expect(answer.text).not.toContain('blocked');
  });

  it('load files that may be kept for ever, compressed, before anybody has logged in', async () => {
    const { text } = await admin.anonymous.get('/web/login').expect(200);
    const files = filesOf(text);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const answer = await admin.anonymous.get(file).set('Accept-Encoding', 'gzip').expect(200);
      expect(answer.get('Cache-Control')).toContain('immutable');
      expect(answer.get('Content-Encoding')).toBe('gzip');
    }
  });

  it.each(['/web/assets/x/../../package.json', '/web/assets/x/%2e%2e/%2e%2e/package.json', '/web/assets/x/gone.js', '/web/assets/x/__proto__'])(
    'have no file at %s',
    async (path) => {
      const { status } = await admin.anonymous.get(path).redirects(0);
      expect([302, 404]).toContain(status);
    },
  );

  it('weigh at most 250 KiB with everything that they may load', async () => {
    const { text } = await admin.operator.get('/web/').expect(200);
    const root = /\/web\/assets\/[0-9a-f]+/.exec(text)?.[0] ?? '';
    const names = ['events', 'connection', 'refresh', 'pointer', 'morph', 'live-calls', 'fetch-page', 'chart', 'chart-axes', 'chart-keys', 'chart-legend', 'chart-table', 'chart-tooltip', 'times', 'dialogs', 'preferences', 'notices', 'settings', 'submits'].map((name) => `${root}/js/${name}.js`);
    const weights = await Promise.all(
      [...filesOf(text), ...names, `${root}/vendor/uplot.js`].map(async (file) =>
        Number((await admin.anonymous.get(file).set('Accept-Encoding', 'gzip').expect(200)).get('Content-Length')),
      ),
    );
    const total = weights.reduce((sum, weight) => sum + weight, Buffer.byteLength(text));
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(weightBytesMax);
  });

  it('warn of the default password, and of an open proxy only whoever has logged in', async () => {
    const own = await startAdmin({ CCLOAD_PASS: password, HOST: '0.0.0.0' });
    expect((await own.operator.get('/web/')).text).toContain('CCLOAD_AUTH is not set');
    expect((await own.anonymous.get('/web/login')).text).not.toContain('CCLOAD_AUTH');
  });
});
