import { beforeAll, describe, expect, it } from '@jest/globals';
import { startAdmin, type AdminUnderTest } from '../support/admin-app.js';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin({ CCLOAD_PASS: '' });
});

const login = (host: string) => admin.anonymous.post('/login').set('Host', host).send({ password: 'admin' });

describe('while no password is set', () => {
  it.each(['localhost', 'localhost:8080', 'LOCALHOST', '127.0.0.1:8080', '127.0.0.2', '[::1]:8080', 'ccload.localhost:8080'])('this machine may log in as %s', async (host) => {
    await login(host).expect(200);
  });

  it.each(['rebound.example', 'rebound.example:8080', '127.0.0.1.rebound.example', 'localhost.rebound.example', '192.0.2.7', '[::2]', 'no host', '127.0.0.1@rebound.example'])(
    'a page that calls it %s gets in nowhere',
    async (host) => {
      const { body } = await login(host).expect(403);
      expect(body.error).toContain('set it to use another name');
      await admin.anonymous.get('/public/summary').set('Host', host).expect(403);
    },
  );

  it('with a password any name will do', async () => {
    const own = await startAdmin();
    await own.anonymous.get('/public/summary').set('Host', 'gateway.example').expect(200);
  });
});
