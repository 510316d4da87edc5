import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { AuditEntity } from '../../src/audit/audit.entity.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { DataSource } from 'typeorm';
import { onTables } from '../support/temporary-database.js';
import { aChannel, password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

interface Row {
  readonly action: string;
  readonly actor: string | null;
  readonly client_ip: string;
  readonly target: string | null;
  readonly detail: string;
}

let admin: AdminUnderTest;
beforeEach(async () => {
  admin = await startAdmin({ TRUST_PROXY: 'loopback' });
});

/** Newest first, without the login that every test begins with. */
const noted = async (): Promise<readonly Row[]> => {
  const rows: readonly Row[] = (await admin.operator.get('/admin/audit').expect(200)).body.data;
  return rows.slice(0, -1);
};

describe('the audit log', () => {
  it('begins with the login and says from where it came', async () => {
    const { body } = await admin.operator.get('/admin/audit').expect(200);
    expect(body).toEqual({
      success: true,
      count: 1,
      data: [
        {
          id: 1,
          time: expect.any(Number),
          action: 'login',
          actor: expect.stringMatching(/^[\w-]{8}$/),
          client_ip: expect.stringContaining('127.0.0.1'),
          target: null,
          detail: '',
        },
      ],
    });
  });

  it('notes failed logins, without the password and without a session', async () => {
    await admin.anonymous.post('/login').set('X-Forwarded-For', '203.0.113.7').send({ password: 'guessed wrong' }).expect(401);
    const rows = await noted();
    expect(rows[0]).toMatchObject({ action: 'login-failed', actor: null, client_ip: '203.0.113.7' });
    expect(JSON.stringify(rows)).not.toContain('guessed');
  });

  it('notes who logs out, and nothing when nobody does', async () => {
    await admin.anonymous.post('/logout').expect(200);
    expect(await noted()).toEqual([]);
    await admin.operator.post('/logout').expect(200);
    await admin.operator.post('/login').send({ password }).expect(200);
    const [, logout] = (await admin.operator.get('/admin/audit').expect(200)).body.data;
    expect(logout).toMatchObject({ action: 'logout', actor: expect.any(String) });
  });

  it('notes what becomes of a channel: which fields, and never the values of keys', async () => {
    const { id } = (await admin.operator.post('/admin/channels').send(aChannel({ name: 'x' })).expect(201)).body.data;
    const sent = { name: 'y', url: 'https://relay.example.com', models: ['m'], api_key: 'sk-new-0123456789-wxyz' };
    await admin.operator.put(`/admin/channels/${id}`).send(sent).expect(200);
    await admin.operator.put(`/admin/channels/${id}`).send({ enabled: true }).expect(200);
    await admin.operator.get(`/admin/channels/${id}/key`).expect(200);
    await admin.operator.post(`/admin/channels/${id}/cooldown`).send({ duration_ms: 5_000 }).expect(200);
    await admin.operator.delete(`/admin/channels/${id}/cooldown`).expect(200);
    await admin.operator.delete(`/admin/channels/${id}`).expect(204);
    const rows = await noted();
    expect(rows.map(({ action, target, detail }) => [action, target, detail]).reverse()).toEqual([
      ['channel-created', 'channel 1', 'name x'],
      ['channel-updated', 'channel 1', 'changed: name, api_key, models'],
      ['channel-updated', 'channel 1', 'changed: nothing'],
      ['key-shown', 'channel 1', ''],
      ['cooldown-set', 'channel 1', 'for 5000 ms'],
      ['cooldown-cleared', 'channel 1', ''],
      ['channel-deleted', 'channel 1', 'name y'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('sk-');
  });

  it.each([
    ['post', '/admin/channels', {}],
    ['put', '/admin/channels/99', { enabled: true }],
    ['delete', '/admin/channels/99', undefined],
    ['get', '/admin/channels/99/key', undefined],
    ['post', '/admin/channels/99/cooldown', { duration_ms: 5_000 }],
    ['delete', '/admin/channels/99/cooldown', undefined],
  ] as const)('notes nothing of what was refused: %s %s', async (method, path, body) => {
    const answer = await admin.operator[method](path).send(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await noted()).toEqual([]);
  });

  it('is read page by page, newest first', async () => {
    for (const name of ['a', 'b', 'c']) await admin.operator.post('/admin/channels').send(aChannel({ name })).expect(201);
    const page = await admin.operator.get('/admin/audit?limit=2&offset=1').expect(200);
    expect(page.body).toMatchObject({ count: 4, data: [{ detail: 'name b' }, { detail: 'name a' }] });
    await admin.operator.get('/admin/audit?offset=100').expect(200, { success: true, data: [], count: 4 });
  });

  it.each(['limit=0', 'limit=1001', 'limit=1e3', 'limit=-1', 'offset=-1', 'offset=a', 'offset=1.5', 'limit[]=1', 'order=asc'])(
    'refuses %s',
    async (query) => {
      await admin.operator.get(`/admin/audit?${query}`).expect(400);
    },
  );

  it('is for operators only', async () => {
    await admin.anonymous.get('/admin/audit').expect(401);
    await admin.operator.delete('/admin/audit').expect(404);
  });

  it('keeps a key to itself when it cannot note who asks for it', async () => {
    const { id } = (await admin.operator.post('/admin/channels').send(aChannel()).expect(201)).body.data;
    await admin.operator.post('/admin/channels').send(aChannel()).expect(201);
    await onTables(admin.place, 'DROP TABLE audit');
    const answer = await admin.operator.get(`/admin/channels/${id}/key`).expect(500);
    expect(answer.text).not.toContain('sk-ant');
    await admin.operator.put(`/admin/channels/${id}`).send({ enabled: false }).expect(200);
  });
});

describe('the table behind it', () => {
  const open = async (): Promise<DataSource> => {
    const dataSource = new DataSource({ ...dataSourceOptions(':memory:'), enableWAL: false });
    await dataSource.initialize();
    await dataSource.runMigrations();
    return dataSource;
  };
  const event = { time: 1, actor: undefined, clientIp: '', target: undefined, detail: '' } as const;

  it('keeps the newest rows, and failed logins push out nothing else', async () => {
    const dataSource = await open();
    const audit = new AuditRepository(dataSource, { rowsMax: 150, failedLoginsMax: 10 });
    await audit.append({ ...event, action: 'key-shown', detail: 'first' });
    for (let index = 0; index < 399; index += 1) await audit.append({ ...event, action: 'login-failed', detail: String(index) });
    const rows = await dataSource.getRepository(AuditEntity).find({ order: { id: 'ASC' } });
    expect(rows).toHaveLength(11);
    expect(rows[0]).toMatchObject({ detail: 'first' });
    expect(rows.at(-1)).toMatchObject({ detail: '398' });
    await dataSource.destroy();
  });

  it('never holds more than a hundred rows above its bound', async () => {
    const dataSource = await open();
    const audit = new AuditRepository(dataSource, { rowsMax: 20, failedLoginsMax: 10 });
    for (let index = 0; index < 250; index += 1) await audit.append({ ...event, action: 'key-shown' });
    expect((await audit.page(0, 1)).count).toBeLessThanOrEqual(120);
    await dataSource.destroy();
  });
});
