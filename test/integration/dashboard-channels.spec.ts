import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const key = 'sk-ant-secret-of-this-channel';
const hostile = '<img src=x onerror=alert(1)>"\'&';

let admin: AdminUnderTest;
let id: number;
beforeAll(async () => {
  admin = await startAdmin();
});
beforeEach(async () => {
  for (const { id: old } of (await admin.operator.get('/admin/channels')).body.data) await admin.operator.delete(`/admin/channels/${old}`).expect(204);
  id = (await admin.operator.post('/admin/channels').send(aChannel({ name: 'main', api_key: key })).expect(201)).body.data.id;
});

type Fields = Readonly<Record<string, string | number>>;
const right: Fields = { name: 'new', url: 'https://relay.example.com', api_key: 'sk-new', models: 'a\r\nb', priority: '5', enabled: 'true' };

const page = async (path: string, status = 200): Promise<string> => (await admin.operator.get(path).set('Accept', 'text/html').expect(status).expect('Content-Type', /html/)).text;
const post = (path: string, fields: Fields) => admin.operator.post(path).set('Accept', 'text/html').type('form').send(fields);
type Stored = Readonly<Record<string, unknown>>;
const stored = async (): Promise<readonly Stored[]> => {
  const channels: readonly Stored[] = (await admin.operator.get('/admin/channels').expect(200)).body.data;
  return channels;
};
const version = async (): Promise<number> => Number((await stored()).find((channel) => channel['id'] === id)?.['updated_at']);

describe('the list of channels', () => {
  it.each(['/web/channels', '/web/channels.html'])('answers at %s, and shows no key', async (path) => {
    const html = await page(path);
    expect(html).toContain('1 channel');
    expect(html).not.toContain(key);
  });

  it.each([
    ['q=MAIN', true],
    ['q=relay.example', true],
    ['q=claude-b', true],
    ['q=%27%3B--', false],
    ['status=disabled', false],
    ['status=teapot&sort=teapot&order=teapot&page=-1', true],
    ['model=gpt', false],
    ['page=99999', true],
    ['q[]=main', true],
  ])('at ?%s lists the channel: %s', async (query, isListed) => expect((await page(`/web/channels?${query}`)).includes(`id="channel-${id}"`)).toBe(isListed));

  it('escapes what channels are called and serve', async () => {
    await admin.operator.post('/admin/channels').send(aChannel({ name: hostile, models: [hostile] })).expect(201);
    const html = await page(`/web/channels?q=${encodeURIComponent(hostile)}`);
    expect(html).toContain('&lt;img');
    expect(html).not.toContain('<img');
  });

  it('goes on to a second page after 100 channels, and the last page stands for all that are further', async () => {
    for (let at = 0; at < 100; at += 1) await admin.operator.post('/admin/channels').send(aChannel()).expect(201);
    expect(await page('/web/channels')).toContain('1–100 of 101');
    expect(await page('/web/channels?page=7')).toContain('101–101 of 101');
  });

  it('tells of a URL that an older version stored and that cannot be used', async () => {
    const draft = { name: 'old', apiKey: key, url: 'nowhere', models: ['a'], priority: 0, enabled: true };
    await admin.database.remote('channels').insert(draft, 1);
    admin = await admin.restarted();
    expect(await page('/web/channels')).toContain('Cannot be used');
  });
});

describe('a change in the list', () => {
  it('of the priority is stored, and leads back to the list as it was asked for', async () => {
    const answer = await post('/web/channels?q=main', { id, updated_at: await version(), priority: '−7' }).expect(303);
    expect(answer.get('Location')).toBe('/web/channels?q=main');
    expect((await stored())[0]).toMatchObject({ priority: -7 });
  });

  it.each([
    ['a priority that is none', { priority: 'high' }, 400, 'whole number'],
    ['a priority too large', { priority: '1000001' }, 400, 'whole number'],
    ['an empty priority', { priority: '' }, 400, 'whole number'],
    ['a version of the past', { priority: '1', updated_at: 1 }, 409, 'Somebody else changed'],
    ['a channel that is not there', { priority: '1', id: 987_654 }, 404, 'was deleted in the meantime'],
    ['no version', { priority: '1', updated_at: '' }, 400, 'not complete'],
    ['an id that is none', { priority: '1', id: '1 OR 1=1' }, 400, 'not complete'],
  ])('with %s is refused with a sentence, in the list', async (_what, changes, status, sentence) => {
    const answer = await post('/web/channels', { id, updated_at: await version(), ...changes }).expect(status);
    expect(answer.text).toContain(sentence);
    expect(answer.text).toContain('id="channel-list"');
    expect((await stored())[0]).toMatchObject({ priority: 0 });
  });

  it.each(['enable', 'disable', 'clear', 'copy'])('that wants to %s what is not there says so', async (button) => {
    expect((await post('/web/channels', { [button]: 987_654 }).expect(404)).text).toContain('was deleted in the meantime');
  });

  it('by nobody who has not logged in, nor from the page of another site', async () => {
    await admin.anonymous.post('/web/channels').set('Accept', 'text/html').type('form').send({ disable: id }).redirects(0).expect(303).expect('Location', /^\/web\/login/);
    await admin.operator.post('/web/channels').set('Sec-Fetch-Site', 'cross-site').type('form').send({ disable: id }).expect(403);
    expect((await stored())[0]).toMatchObject({ enabled: true });
  });

  it('to a copy takes the key along and is disabled', async () => {
    await post('/web/channels', { copy: id }).expect(303);
    const copy = (await stored()).find(({ name }) => name === 'main copy');
    expect(copy).toMatchObject({ enabled: false, url: 'https://relay.example.com' });
    expect((await admin.operator.get(`/admin/channels/${String(copy?.['id'])}/key`)).body.data.api_key).toBe(key);
  });
});

describe('the form of a channel', () => {
  it('stores what is right, and says so', async () => {
    const answer = await post('/web/channels/new', right).expect(303);
    expect(answer.get('Location')).toBe('/web/channels');
    expect((await stored()).find(({ name }) => name === 'new')).toMatchObject({ models: ['a', 'b'], priority: 5, enabled: true });
  });

  it.each([
    ['name', '', 'Enter a name of 1 to 191'],
    ['name', 'x'.repeat(192), 'Enter a name of 1 to 191'],
    ['url', 'relay.example.com', 'Begin with http:// or https://'],
    ['url', 'https://u:p@relay.example.com', 'Take the user name and password out'],
    ['url', 'https://relay.example.com/?key=1', 'Leave out the part from ? or #'],
    ['url', 'http://169.254.169.254/', 'cloud metadata'],
    ['url', `https://relay.example.com/${'x'.repeat(2_048)}`, 'at most 2,048'],
    ['api_key', '', 'Enter the key'],
    ['api_key', 'sk-ant****1234', 'not its masked form'],
    ['api_key', 'schlüssel', 'visible ASCII'],
    ['models', ' , ;\n', 'Enter 1 to 500 models'],
    ['models', 'm'.repeat(257), 'each with at most 256'],
    ['priority', 'high', 'Enter a whole number'],
    ['priority', '1e9', 'Enter a whole number'],
  ])('comes back when its %s is wrong (case %#), with a sentence and without a key', async (field, value, sentence) => {
    const answer = await post('/web/channels/new', { ...right, api_key: 'sk-typed-just-now', [field]: value }).expect(400);
    expect(answer.text).toContain(sentence);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).not.toContain('sk-typed-just-now');
    expect(await stored()).toHaveLength(1);
  });

  it('comes back for a name that is taken', async () => {
    expect((await post('/web/channels/new', { ...right, name: 'main' }).expect(409)).text).toContain('Another channel has this name');
  });

  it('keeps the key that is stored when the field is empty', async () => {
    await post(`/web/channels/${id}/edit`, { ...right, api_key: '', updated_at: await version() }).expect(303);
    expect((await admin.operator.get(`/admin/channels/${id}/key`)).body.data.api_key).toBe(key);
  });

  it('says what somebody else stored, and stores nothing, when it was filled from an older version', async () => {
    const answer = await post(`/web/channels/${id}/edit`, { ...right, updated_at: 1 }).expect(409);
    expect(answer.text).toContain('Somebody else changed this channel while you were editing.');
    expect((await stored())[0]).toMatchObject({ name: 'main' });
  });

  it.each(['edit', 'delete', 'test'])('and the page to %s it say that the channel was deleted, and lead to the others', async (what) => {
    const html = await page(`/web/channels/987654/${what}`, 404);
    expect(html).toContain('This channel was deleted in the meantime');
    expect(html).toContain('href="/web/channels">All channels</a>');
    await page(`/web/channels/none/${what}`, 400);
  });

  it.each([
    [{}, 'Enter the key again: what was typed is not sent back.'],
    [{ api_key: '' }, 'Enter the key: that of the deleted channel is gone.'],
    [{ name: '' }, 'This channel was deleted in the meantime.'],
  ])('keeps what was typed for a channel that was deleted meanwhile, to be added as a new one (case %#)', async (changes, sentence) => {
    const { text } = await post('/web/channels/987654/edit', { ...right, updated_at: 1, ...changes }).expect(404);
    expect(text).toContain('This channel was deleted in the meantime.');
    expect(text).toContain(sentence);
    expect(text).toContain('value="https://relay.example.com"');
    expect(text).toContain('action="/web/channels/new"');
    expect(text).not.toContain('name="updated_at"');
  });

  it('tells of a channel that was deleted twice that it was deleted', async () => {
    await post(`/web/channels/${id}/delete`, {}).expect(303);
    const again = await post(`/web/channels/${id}/delete`, {}).expect(303);
    expect(again.get('Location')).toBe('/web/channels');
    expect(decodeURIComponent(again.get('Set-Cookie')?.join() ?? '')).toContain('ccload_flash=channelGone:');
  });

  it('keeps in the test what was typed for a channel that was deleted meanwhile', async () => {
    const { text } = await post('/web/channels/987654/test', { type: 'openai', model: 'a', content: 'A long question' }).expect(404);
    expect(text).toContain('This channel was deleted in the meantime');
    expect(text).toContain('A long question');
    expect(text).not.toContain('data-kind="primary"');
  });

  it('shows hostile text as text, in the fields and in the addresses', async () => {
    const answer = await post('/web/channels/new', { ...right, name: hostile, url: `https://${hostile}`, models: '</textarea><script>' }).expect(400);
    expect(answer.text).not.toContain('<img');
    expect(answer.text).not.toContain('</textarea><script>');
  });
});
