import { beforeEach, describe, expect, it } from '@jest/globals';
import { ChannelSnapshot } from '../../src/channels/channel-snapshot.js';
import { MemoryCooldownBook } from '../../src/cooldown/memory-cooldown-book.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const header = 'name,api_key,url,models,priority,enabled\r\n';
const url = 'https://a.example';

let admin: AdminUnderTest;
beforeEach(async () => {
  admin = await startAdmin();
});

const send = (csv: string | Buffer, query = '') =>
  admin.operator.post(`/admin/channels/import${query}`).attach('file', Buffer.from(csv), { filename: 'c.csv', contentType: 'text/csv' });
const names = async (): Promise<readonly string[]> => {
  const channels: readonly { readonly name: string }[] = (await admin.operator.get('/admin/channels').expect(200)).body.data;
  return channels.map(({ name }) => name);
};

describe('an exported file', () => {
  it('has a mark, a header and a name, and holds the keys', async () => {
    await admin.operator.post('/admin/channels').send(aChannel({ name: '=1+1', models: ['a', 'b'] })).expect(201);
    const answer = await admin.operator.get('/admin/channels/export').buffer(true).expect(200);
    expect(answer.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(answer.get('Content-Disposition')).toMatch(/^attachment; filename="channels-\d{8}-\d{6}\.csv"$/);
    expect(answer.get('Cache-Control')).toBe('no-store');
    expect(answer.text).toBe(
      '\uFEFFid,name,api_key,url,priority,models,enabled\r\n' +
        `1,'=1+1,sk-ant-0123456789-abcd,https://relay.example.com,0,"[""a"",""b""]",true\r\n`,
    );
    const [noted] = (await admin.operator.get('/admin/audit').expect(200)).body.data;
    expect(noted).toMatchObject({ action: 'channels-exported', detail: '1 channel' });
  });

  it('is a header when there is nothing', async () => {
    const answer = await admin.operator.get('/admin/channels/export').buffer(true).expect(200);
    expect(answer.text).toBe('\uFEFFid,name,api_key,url,priority,models,enabled\r\n');
  });

  it('makes the same channels in an empty database', async () => {
    for (let index = 0; index < 600; index += 1) {
      const changes = { name: `-${index} "模型", 'x`, priority: 300 - index, enabled: index % 3 === 0, models: [`m${index}`, 'a;b', '=m'] };
      expect((await admin.database.remote('channels').insert({ apiKey: `k${index}`, url, ...changes }, 1)) !== 'name-taken').toBe(true);
    }
    admin = await admin.restarted();
    const file = (await admin.operator.get('/admin/channels/export').buffer(true).expect(200)).text;
    const before = await admin.database.remote('channels').all();
    admin = await startAdmin();
    const { body } = await send(file).expect(200);
    expect(body.data).toEqual({ created: 600, updated: 0, skipped: 0, processed: 600, errors: [] });
    const after = await admin.database.remote('channels').all();
    const timeless = (channels: typeof after) => channels.map((channel) => ({ ...channel, createdAt: 0, updatedAt: 0 }));
    expect(timeless(after)).toEqual(timeless(before));
  });

  it('is for operators only', async () => {
    await admin.anonymous.get('/admin/channels/export').expect(401);
    await admin.anonymous.post('/admin/channels/import').attach('file', Buffer.from(header)).expect(401);
  });
});

describe('an imported file', () => {
  it('creates, updates by name, skips what is bad, and is in force at once', async () => {
    const { id } = (await admin.operator.post('/admin/channels').send(aChannel({ name: 'old', priority: 4 })).expect(201)).body.data;
    const csv = `${header}old,sk-other-key,${url},m-old,,no\r\nnew,k,${url},"m1;m2",7,\r\nbad,,${url},m,0,1\r\n`;
    const { body } = await send(csv).expect(200);
    expect(body).toEqual({
      success: true,
      data: {
        created: 1,
        updated: 1,
        skipped: 1,
        processed: 3,
        errors: ['line 4: api_key must be 1 to 4096 visible ASCII characters without spaces'],
      },
    });
    expect(await admin.database.remote('channels').find(id)).toMatchObject({
      keys: [{ secret: 'sk-other-key' }],
      url,
      models: [{ name: 'm-old' }],
      priority: 0,
      enabled: false,
    });
    expect(admin.app.get(ChannelSnapshot).catalog.models).toEqual(['m1', 'm2']);
    const [noted] = (await admin.operator.get('/admin/audit').expect(200)).body.data;
    expect(noted).toMatchObject({ action: 'channels-imported', detail: 'created 1, updated 1, skipped 1' });
  });

  it('leaves nothing behind when it was only tried', async () => {
    await admin.operator.post('/admin/channels').send(aChannel({ name: 'old' })).expect(201);
    const before = await admin.database.remote('channels').all();
    const csv = `${header}old,k,${url},m,0,1\nnew,k,${url},m,0,1\n,k,${url},m,0,1\n`;
    const { body } = await send(csv, '?dry_run=true').expect(200);
    expect(body.data).toMatchObject({ created: 1, updated: 1, skipped: 1, processed: 3 });
    expect(await admin.database.remote('channels').all()).toEqual(before);
    expect(admin.app.get(ChannelSnapshot).catalog.models).toEqual(['claude-a', 'claude-b']);
    expect((await admin.operator.get('/admin/audit')).body.data[0].action).toBe('channel-created');
  });

  it('keeps what it has no column for', async () => {
    const { data } = (await admin.operator.post('/admin/channels').send(aChannel({ name: 'old', priority: 4, enabled: false })).expect(201)).body;
    const id = Number(data.id);
    await send(`name,api_key,url,models\nold,k,${url},m\nnew,k,${url},m\n`).expect(200);
    expect(await admin.database.remote('channels').find(id)).toMatchObject({ priority: 4, enabled: false, url });
    expect(await admin.database.remote('channels').find(id + 1)).toMatchObject({ name: 'new', priority: 0, enabled: true });
  });

  it('counts a name that comes twice once as created and once as updated; the last row wins', async () => {
    const { body } = await send(`${header}a,k1,${url},m,1,1\na,k2,${url},m,2,1\n`).expect(200);
    expect(body.data).toMatchObject({ created: 1, updated: 1, processed: 2 });
    expect(await admin.database.remote('channels').all()).toMatchObject([{ name: 'a', priority: 2, keys: [{ secret: 'k2' }] }]);
  });

  it('ends the cooldown of a channel whose key is another, and of no other', async () => {
    for (const name of ['a', 'b']) await admin.operator.post('/admin/channels').send(aChannel({ name, url, models: ['m'] })).expect(201);
    for (const id of [1, 2]) await admin.operator.post(`/admin/channels/${id}/cooldown`).send({ duration_ms: 60_000 }).expect(200);
    await send(`${header}a,another,${url},m,0,1\nb,sk-ant-0123456789-abcd,${url},m,0,1\n`).expect(200);
    const book = admin.app.get(MemoryCooldownBook);
    expect([1, 2].map((id) => book.standing(id, 'm', Date.now()).kind)).toEqual(['open', 'cooling']);
  });

  it('makes every write later than the one before', async () => {
    const { id, updated_at } = (await admin.operator.post('/admin/channels').send(aChannel({ name: 'a' })).expect(201)).body.data;
    await send(`${header}a,k,${url},m,0,1\n`).expect(200);
    const stale = { enabled: false, updated_at };
    await admin.operator.put(`/admin/channels/${id}`).send(stale).expect(409);
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${header}通道,k,${url},模型,0,1\r\n`, 'utf16le')],
    ['Chinese column names', Buffer.from(`名称,密钥,地址,支持的模型,优先级,状态\n通道,k,${url},模型,0,启用\n`)],
    // 名称,密钥,地址,模型 and 通道 in GBK.
    ['GBK', Buffer.concat([Buffer.from('c3fbb3c6', 'hex'), Buffer.from(',key,url,model\n'), Buffer.from('cda8b5c0', 'hex'), Buffer.from(`,k,${url},m\n`)])],
  ])('is read in %s', async (_what, bytes) => {
    await send(bytes).expect(200);
    expect(await names()).toEqual(['通道']);
  });

  it('tells of at most a hundred bad rows and counts the others', async () => {
    const { body } = await send(`${header}${`x,,${url},m,0,1\n`.repeat(250)}`).expect(200);
    expect(body.data).toMatchObject({ created: 0, skipped: 250, processed: 250 });
    expect(body.data.errors).toHaveLength(101);
    expect(body.data.errors[100]).toBe('and 150 more rows that cannot be used');
  });

  it('may say anything in its names: they come back as JSON, and as nothing else', async () => {
    const hostile = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `'); DROP TABLE channels; --`, '\u202egnp.exe', '=cmd|calc!A0', '__proto__', 'constructor'];
    const rows = hostile.map((name) => `"${name.replaceAll('"', '""')}",k,${url},m,0,1\n`).join('');
    expect((await send(`${header}${rows}`).expect(200)).body.data.created).toBe(hostile.length);
    const answer = await admin.operator.get('/admin/channels').expect(200);
    expect(answer.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(answer.get('X-Content-Type-Options')).toBe('nosniff');
    expect(await names()).toEqual(hostile);
  });

  it.each([
    ['nothing', ''],
    ['no key column', `name,url,models\na,${url},m\n`],
    ['an Excel workbook', 'PK\u0003\u0004 and so on'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['JSON', '[{"name":"a"}]'],
    ['too many rows', `${header}${`a,k,${url},m,0,1\n`.repeat(50_001)}`],
    ['too many blank rows', `${header}${'\n'.repeat(200_000)}`],
  ])('that holds %s is refused, and nothing is stored', async (_what, csv) => {
    const { body } = await send(csv).expect(400);
    expect(body).toEqual({ success: false, data: null, error: expect.stringMatching(/^the file (has|is) /) });
    expect(await names()).toEqual([]);
  });

  it('of more than ten megabytes is refused', async () => {
    const { body } = await send(Buffer.alloc(10 * 1024 * 1024 + 1, 'a')).expect(413);
    expect(body).toEqual({ success: false, data: null, error: 'the file must be at most 10485760 bytes' });
  });

  it.each([
    ['no file', (post: ReturnType<typeof send>) => post.field('other', 'x')],
    ['the file in another field', (post: ReturnType<typeof send>) => post.attach('csv', Buffer.from(header))],
    ['two files', (post: ReturnType<typeof send>) => post.attach('file', Buffer.from(header)).attach('file', Buffer.from(header))],
    ['a deep field name', (post: ReturnType<typeof send>) => post.field(`a${'[a]'.repeat(500)}`, 'x')],
  ])('is asked for when there is %s', async (_what, fill) => {
    const { body } = await fill(admin.operator.post('/admin/channels/import')).expect(400);
    expect(body).toEqual({ success: false, data: null, error: expect.any(String) });
  });

  it.each([
    ['JSON', 'application/json', '{}', 400],
    ['bare CSV', 'text/csv', header, 415],
    ['parts without a boundary', 'multipart/form-data', 'x', 400],
    ['parts that end too soon', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nname', 400],
    ['mixed parts', 'multipart/mixed; boundary=x', '--x--\r\n', 415],
  ])('does not come as %s', async (_what, type, body, status) => {
    const answer = await admin.operator.post('/admin/channels/import').set('Content-Type', type).send(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ success: false, data: null, error: expect.any(String) });
  });

  it('is asked for in parts when it comes as anything else', async () => {
    const { body } = await admin.operator.post('/admin/channels/import').set('Content-Type', 'text/csv').send(header).expect(415);
    expect(body.error).toBe('the file must be sent as multipart/form-data in the field "file"');
  });

  it.each(['dry_run=maybe', 'dry_run=2', 'dry-run=true', 'dry_run[]=true'])('is not taken with %s', async (query) => {
    await send(`${header}a,k,${url},m,0,1\n`, `?${query}`).expect(400);
    expect(await names()).toEqual([]);
  });

  it('from another site is refused', async () => {
    await send(`${header}a,k,${url},m,0,1\n`).set('Origin', 'https://evil.example').expect(403);
    expect(await names()).toEqual([]);
  });
});
