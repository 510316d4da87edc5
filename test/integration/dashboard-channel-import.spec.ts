import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { aChannel, password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

let admin: AdminUnderTest;
beforeEach(async () => {
  admin = await startAdmin();
});

const header = 'name,api_key,url,models,priority,enabled\n';
const good = `${header}main,sk-secret-of-a-file,https://relay.example.com,a,1,true\n`;
const send = (csv: string) =>
  admin.operator.post('/web/channels/import').set('Accept', 'text/html').attach('file', Buffer.from(csv), { filename: 'c.csv', contentType: 'text/csv' });
/** What the browser shows after it: the preview has an address of its own. */
const upload = (csv: string) => send(csv).redirects(1);
const waiting = (html: string): string => /name="file" value="([^"]+)"/.exec(html)?.[1] ?? '';
const confirm = (file: string, who = admin.operator) => who.post('/web/channels/import/confirm').set('Accept', 'text/html').type('form').send({ file });
const count = async (): Promise<number> => {
  const channels: readonly unknown[] = (await admin.operator.get('/admin/channels').expect(200)).body.data;
  return channels.length;
};

describe('the page that imports a file of channels', () => {
  it('shows what would happen without a key, stores nothing, and imports what was shown once it is confirmed', async () => {
    const { text } = await upload(good).expect(200);
    expect(text).toContain('Import 1 row');
    expect(text).not.toContain('sk-secret-of-a-file');
    expect(await count()).toBe(0);
    expect((await confirm(waiting(text)).expect(303)).get('Location')).toBe('/web/channels');
    expect(await count()).toBe(1);
  });

  it('has the preview at an address that Back and a change of language lead to again', async () => {
    const path = (await send(good).redirects(0).expect(303)).get('Location') ?? '';
    expect(path).toMatch(/^\/web\/channels\/import\?file=[0-9a-f-]{36}$/);
    for (const language of ['en', 'zh']) {
      const { text } = await admin.operator.get(path).set('Accept-Language', language).expect(200);
      expect(waiting(text)).toBe(path.split('=')[1]);
      expect(text).toContain(`name="back" value="${path}"`);
    }
    await confirm(path.split('=')[1] ?? '').expect(303);
    expect((await admin.operator.get(path).expect(410)).text).toContain('The preview is no longer there');
  });

  it('leads from the address of the confirmation, which answers forms alone, to the beginning', async () => {
    const answer = await admin.operator.get('/web/channels/import/confirm').redirects(0).expect(303);
    expect(answer.get('Location')).toBe('/web/channels/import');
  });

  it('says in both languages that a file is larger than it may be', async () => {
    const large = 'x'.repeat(10 * 1024 * 1024 + 1);
    expect((await send(large).expect(413)).text).toContain('The file is larger than 10 MiB.');
    const { text } = await send(large).set('Accept-Language', 'zh').expect(413);
    expect(text).toContain('文件超过 10 MiB');
    expect(text).toContain('type="file"');
  });

  it('says that no file was chosen', async () => {
    const { text } = await admin.operator.post('/web/channels/import').set('Accept', 'text/html').field('other', 'x').expect(400);
    expect(text).toContain('Choose a file first.');
  });

  it('speaks of rows, two of which may be one channel, where it asks whether to import them', async () => {
    const { text } = await upload(`${good}main,sk-other,https://relay.example.com,a,2,true\nsecond,sk,https://relay.example.com,a,,\n`).expect(200);
    expect(text).toContain('3 rows read');
    expect(text).toContain('Import 3 rows');
  });

  it.each([
    ['name,models\n', '文件缺少列 api_key、url：首行必须包含 name、api_key、url 和 models'],
    ['PK\u0003\u0004 rubbish', '这是 Excel 工作簿，请另存为“CSV UTF-8”后再导入'],
    ['\u0089PNG\u0000\u0000\u0000\u0001', '文件不是 UTF-8、UTF-16 或 GBK 编码，请另存为“CSV UTF-8”'],
  ])('says in Chinese alone what is wrong with the file %j', async (csv, sentence) => {
    const { text } = await send(csv).set('Accept-Language', 'zh').expect(400);
    expect(text).toContain(`role="alert">${sentence}</p>`);
  });

  it('imports a file once', async () => {
    const file = waiting((await upload(good).expect(200)).text);
    await confirm(file).expect(303);
    expect((await confirm(file).expect(410)).text).toContain('The preview is no longer there');
  });

  it('lets nobody confirm the file of another session', async () => {
    const file = waiting((await upload(good).expect(200)).text);
    const other = request.agent(admin.app.getHttpAdapter().getInstance());
    await other.post('/login').send({ password }).expect(200);
    await confirm(file, other).expect(410);
    expect(await count()).toBe(0);
  });

  it.each(['', 'no-such-file', '../../etc/passwd'])('has no file of the name %j to confirm', async (file) => {
    expect((await confirm(file).expect(410)).text).toContain('Choose the file again');
  });

  it.each([
    ['', 400, 'The file is empty.'],
    ['rubbish', 400, 'no column'],
    ['PK\u0003\u0004 rubbish', 400, 'Excel workbook'],
    [header, 200, 'No row of this file can be imported.'],
    [`${header}main,,nowhere,,x,maybe\n`, 200, 'Rows that are skipped'],
  ])('says what is wrong with %j, and offers nothing to confirm', async (csv, status, sentence) => {
    const { text } = await upload(csv).expect(status);
    expect(text).toContain(sentence);
    expect(text).not.toMatch(/Import \d+ row/);
  });

  it('forgets the oldest of five files that wait', async () => {
    const files: string[] = [];
    for (let at = 0; at < 5; at += 1) files.push(waiting((await upload(good).expect(200)).text));
    await confirm(files[0] ?? '').expect(410);
    await confirm(files[4] ?? '').expect(303);
  });
});

describe('the page that tests a channel', () => {
  const ask = async (fields: object, url = 'http://127.0.0.1:9') => {
    const { body } = await admin.operator.post('/admin/channels').send(aChannel({ url, models: ['a'] })).expect(201);
    return admin.operator.post(`/web/channels/${body.data.id}/test`).set('Accept', 'text/html').type('form').send({ type: 'anthropic', model: 'a', content: 'Hello', ...fields });
  };

  it.each([
    [{ model: '' }, 'Enter a model of 1 to 256 characters.'],
    [{ model: 'm'.repeat(257) }, 'Enter a model of 1 to 256 characters.'],
    [{ content: ' ' }, 'Enter a message of 1 to 10,000 characters.'],
    [{ content: 'x'.repeat(10_001) }, 'Enter a message of 1 to 10,000 characters.'],
  ])('sends nothing that is wrong (case %#), and says so at the field', async (fields, sentence) => {
    const answer = await ask(fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(sentence);
    expect(answer.text).not.toContain('id="verdict"');
  });

  it('tells in words that nobody answers there', async () => {
    const answer = await ask({});
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('It does not work');
    expect(answer.text).toContain('no answer');
  });
});
