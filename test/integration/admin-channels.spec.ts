import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChannelSnapshot } from '../../src/channels/channel-snapshot.js';
import { MemoryCooldownBook } from '../../src/cooldown/memory-cooldown-book.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const key = 'sk-ant-0123456789-abcd';
const shown = 'sk-ant-****abcd';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
});

const channels = '/admin/channels';
const created = async (changes: object = {}): Promise<{ readonly id: number; readonly name: string }> => {
  const { id, name } = (await admin.operator.post(channels).send(aChannel(changes)).expect(201)).body.data;
  return { id, name };
};
const storedKey = async (id: number): Promise<string | undefined> =>
  (await admin.database.remote('channels').find(id))?.keys[0]?.secret;

const coolDown = (id: number): MemoryCooldownBook => {
  const book = admin.app.get(MemoryCooldownBook);
  const now = Date.now();
  book.penalise({ channelId: id, model: 'claude-a', startedAt: now }, { scope: 'channel', firstMs: 60_000, reason: 'overloaded' }, now);
  return book;
};

describe('a new channel', () => {
  it('is shown with its defaults and without its key', async () => {
    const { body } = await admin.operator.post(channels).send(aChannel({ name: 'first' })).expect(201);
    expect(body).toEqual({
      success: true,
      data: {
        id: expect.any(Number),
        name: 'first',
        api_key: shown,
        url: 'https://relay.example.com',
        models: ['claude-a', 'claude-b'],
        priority: 0,
        enabled: true,
        created_at: expect.any(Number),
        updated_at: expect.any(Number),
      },
    });
  });

  it('is in force for the next request', async () => {
    const { id } = await created({ models: ['only-here'] });
    const tiers = admin.app.get(ChannelSnapshot).catalog.tiersByModel.get('only-here');
    expect(tiers?.flatMap((tier) => tier.routes.map((route) => route.channel.id))).toEqual([id]);
  });

  it('is trimmed, and its models are told apart', async () => {
    const { body } = await admin.operator
      .post(channels)
      .send(aChannel({ name: '  trimmed ', api_key: ` ${key}\n`, url: ' https://a.example/v1/ ', models: [' m ', 'm', 'n'] }))
      .expect(201);
    expect(body.data).toMatchObject({ name: 'trimmed', url: 'https://a.example/v1/', models: ['m', 'n'] });
    expect(await storedKey(body.data.id)).toBe(key);
  });

  it('does not take the name of another one', async () => {
    await created({ name: 'taken' });
    const answer = await admin.operator.post(channels).send(aChannel({ name: ' taken ' })).expect(409);
    expect(answer.body).toEqual({ success: false, data: null, error: 'another channel has this name' });
  });

  it('takes the name of another one only once when twenty try at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.operator.post(channels).send(aChannel({ name: 'race' }))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  const nameSentence = 'name must be text of 1 to 191 characters without control characters';
  const keySentence = 'api_key must be 1 to 4096 visible ASCII characters without spaces';
  const modelsSentence = 'models must be a list of 1 to 500 names, each of 1 to 256 characters without control characters';
  const prioritySentence = 'priority must be a whole number from -1000000 to 1000000';
  it.each([
    [{ name: undefined }, nameSentence],
    [{ name: '' }, nameSentence],
    [{ name: '   ' }, nameSentence],
    [{ name: 'x'.repeat(192) }, nameSentence],
    [{ name: 'a\u0000b' }, nameSentence],
    [{ name: 'lone \ud800 surrogate' }, nameSentence],
    [{ name: 7 }, nameSentence],
    [{ name: null }, nameSentence],
    [{ name: ['a'] }, nameSentence],
    [{ name: { toString: 'a' } }, nameSentence],
    [{ api_key: undefined }, keySentence],
    [{ api_key: '' }, keySentence],
    [{ api_key: 'two words' }, keySentence],
    [{ api_key: 'line\r\nX-Injected: 1' }, keySentence],
    [{ api_key: 'schlüssel' }, keySentence],
    [{ api_key: 'k'.repeat(4097) }, keySentence],
    [{ api_key: shown }, 'api_key must be the key itself, not its masked form'],
    [{ url: undefined }, 'url must be text of at most 2048 characters'],
    [{ url: 'api.example.com' }, 'url must begin with http:// or https://, for example https://api.anthropic.com'],
    [{ url: 'ftp://api.example.com' }, 'url must begin with http:// or https://, for example https://api.anthropic.com'],
    [{ url: 'https://' }, 'url must be a complete address, for example https://api.anthropic.com'],
    [{ url: 'https://user:pass@a.example' }, 'url must not contain credentials; the key belongs in api_key'],
    [{ url: 'https://a.example/?x=1' }, 'url must not have a query or a fragment; only scheme, host, port and path'],
    [{ url: 'https://a.exa\nmple' }, 'url must not contain spaces or control characters'],
    [{ url: `https://a.example/${'x'.repeat(2048)}` }, 'url must be text of at most 2048 characters'],
    [{ models: undefined }, modelsSentence],
    [{ models: [] }, modelsSentence],
    [{ models: 'claude-a' }, modelsSentence],
    [{ models: { 0: 'claude-a', length: 1 } }, modelsSentence],
    [{ models: ['claude-a', ' '] }, modelsSentence],
    [{ models: ['claude-a', 5] }, modelsSentence],
    [{ models: ['claude-a', null] }, modelsSentence],
    [{ models: [['claude-a']] }, modelsSentence],
    [{ models: ['x'.repeat(257)] }, modelsSentence],
    [{ models: Array.from({ length: 501 }, (_, index) => `m${index}`) }, modelsSentence],
    [{ priority: 1.5 }, prioritySentence],
    [{ priority: '5' }, prioritySentence],
    [{ priority: null }, prioritySentence],
    [{ priority: 1_000_001 }, prioritySentence],
    [{ priority: -1_000_001 }, prioritySentence],
    [{ enabled: 'true' }, 'enabled must be true or false'],
    [{ enabled: 1 }, 'enabled must be true or false'],
    [{ enabled: null }, 'enabled must be true or false'],
    [{ id: 5 }, 'id is not a known field'],
    [{ apikey: 'x' }, 'apikey is not a known field'],
  ])('is refused with %j', async (changes, sentence) => {
    const answer = await admin.operator.post(channels).send(aChannel(changes)).expect(400);
    expect(answer.body).toEqual({ success: false, data: null, error: sentence });
  });

  it('is refused with a sentence for every wrong field', async () => {
    const { body } = await admin.operator.post(channels).send({ url: 'x', priority: 'high', colour: 'red' }).expect(400);
    const fields = String(body.error).split('; ').map((sentence) => sentence.split(' ')[0]);
    expect(fields.sort()).toEqual(['api_key', 'colour', 'models', 'name', 'priority', 'url']);
  });
});

describe('a body', () => {
  const post = (type: string, body: string) => admin.operator.post(channels).set('Content-Type', type).send(body);
  const right = JSON.stringify(aChannel());

  it.each([
    ['that is cut short', 'application/json', right.slice(0, -5), 400],
    ['that is not JSON', 'application/json', 'name=a', 400],
    ['that is a list', 'application/json', `[${right}]`, 400],
    ['that is an empty list', 'application/json', '[]', 400],
    ['that is text', 'application/json', '"text"', 400],
    ['that is null', 'application/json', 'null', 400],
    ['with a bad byte order mark', 'application/json', `\uFEFF\uFEFF${right}`, 400],
    ['that is very deep', 'application/json', `{"models":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400],
    ['of another type', 'text/plain', right, 415],
    ['of a form with too many fields', 'application/x-www-form-urlencoded', 'a=1&'.repeat(101), 413],
    ['in an unknown character set', 'application/json; charset=klingon', right, 415],
    ['of more than a megabyte', 'application/json', JSON.stringify(aChannel({ name: 'x'.repeat(1_100_000) })), 413],
  ])('%s is refused', async (_what, type, body, status) => {
    const answer = await post(type, body).expect(status);
    expect(answer.body).toEqual({ success: false, data: null, error: expect.stringMatching(/^the body must be /) });
    expect(answer.body.error).not.toContain('sk-ant');
  });

  it('in an encoding that nobody knows is refused', async () => {
    await post('application/json', right).set('Content-Encoding', 'zstd-or-so').expect(415);
  });

  it('that tries to reach prototypes changes nothing', async () => {
    const reaching = JSON.stringify(aChannel()).slice(1);
    await post('application/json', `{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},${reaching}`);
    expect('admin' in {}).toBe(false);
  });
});

describe('a changed channel', () => {
  const put = (id: number | string, body: object) => admin.operator.put(`${channels}/${id}`).send(body);

  it('can be switched off and on alone', async () => {
    const { id } = await created({ models: ['switched'] });
    expect((await put(id, { enabled: false }).expect(200)).body.data).toMatchObject({ enabled: false, models: ['switched'] });
    expect(admin.app.get(ChannelSnapshot).catalog.tiersByModel.has('switched')).toBe(false);
    await put(id, { enabled: true }).expect(200);
    expect(admin.app.get(ChannelSnapshot).catalog.tiersByModel.has('switched')).toBe(true);
  });

  it.each([
    ['left out', {}],
    ['sent back masked', { api_key: shown }],
    ['sent back masked after somebody else changed it', { api_key: 'sk-old-****9999' }],
  ])('keeps its key when that is %s', async (_what, sent) => {
    const { id } = await created();
    await put(id, { name: `kept ${id}`, url: 'https://b.example', models: ['m'], ...sent }).expect(200);
    expect(await storedKey(id)).toBe(key);
  });

  it('gets a new key when one is sent', async () => {
    const { id, name } = await created();
    const answer = await put(id, { name, url: 'https://b.example', models: ['m'], api_key: 'sk-new-0123456789-wxyz' }).expect(200);
    expect(answer.body.data.api_key).toBe('sk-new-****wxyz');
    expect(await storedKey(id)).toBe('sk-new-0123456789-wxyz');
  });

  it('may be sent back as it was shown', async () => {
    const { id } = await created();
    coolDown(id);
    const before = (await admin.operator.get(`${channels}/${id}`).expect(200)).body.data;
    const after = (await put(id, { ...before, priority: 9 }).expect(200)).body.data;
    expect(after).toMatchObject({ ...before, priority: 9, updated_at: expect.any(Number), cooldown_remaining_ms: expect.any(Number) });
  });

  it('keeps what is left out of the optional fields', async () => {
    const { id, name } = await created({ priority: 3, enabled: false });
    const answer = await put(id, { name, url: 'https://b.example', models: ['m'] }).expect(200);
    expect(answer.body.data).toMatchObject({ priority: 3, enabled: false });
  });

  it.each([
    ['url', { url: 'https://elsewhere.example' }],
    ['key', { api_key: 'sk-new-0123456789-wxyz' }],
  ])('stops cooling when its %s is another', async (_what, changes) => {
    const { id, name } = await created();
    const book = coolDown(id);
    await put(id, { name, url: 'https://relay.example.com', models: ['m'], ...changes }).expect(200);
    expect(book.standing(id, 'claude-a', Date.now()).kind).toBe('open');
  });

  it.each([
    ['name', { name: 'still cooling' }],
    ['priority', { priority: 4 }],
    ['masked key', { api_key: shown }],
  ])('goes on cooling when its %s is another', async (_what, changes) => {
    const { id, name } = await created();
    const book = coolDown(id);
    await put(id, { name, url: 'https://relay.example.com', models: ['claude-a'], ...changes }).expect(200);
    expect(book.standing(id, 'claude-a', Date.now()).kind).toBe('cooling');
  });

  it('does not take the name of another one', async () => {
    const { name } = await created();
    const { id } = await created();
    await put(id, { name, url: 'https://b.example', models: ['m'] }).expect(409);
    expect((await admin.operator.get(`${channels}/${id}`)).body.data.name).not.toBe(name);
  });

  it.each([
    [{}],
    [{ priority: 5 }],
    [{ name: 'only a name' }],
    [{ enabled: true, priority: 5 }],
    [{ enabled: true, api_key: 'sk-x' }],
    [{ enabled: null }],
    [{ enabled: 'off' }],
    [{ enabled: true, colour: 'red' }],
    [{ name: 'a', url: 'https://b.example', models: ['m'], api_key: null }],
    [{ name: 'a', url: 'https://b.example', models: ['m'], api_key: '' }],
    [{ name: 'a', url: 'b.example', models: ['m'] }],
    [{ name: 'a', url: 'https://b.example', models: [] }],
  ])('is refused with %j', async (body) => {
    const { id } = await created();
    const before = (await admin.operator.get(`${channels}/${id}`)).body.data;
    await put(id, body).expect(400);
    expect((await admin.operator.get(`${channels}/${id}`)).body.data).toEqual(before);
  });

  it.each([
    ['999999', 404],
    ['0', 404],
    ['999999999999999', 404],
    ['-1', 400],
    ['1.0', 400],
    ['1e0', 400],
    ['0x1', 400],
    ['%201', 400],
    ['abc', 400],
    ['1%20OR%201=1', 400],
    ['%00', 400],
    ['%zz', 400],
    ['9999999999999999999', 400],
  ])('with the id %s answers %d', async (id, status) => {
    for (const answer of [
      await put(id, { enabled: true }),
      await admin.operator.get(`${channels}/${id}`),
      await admin.operator.delete(`${channels}/${id}`),
    ]) {
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ success: false, data: null, error: expect.any(String) });
    }
  });
});

describe('a removed channel', () => {
  it('is gone from the list, from the next request and from the cooldowns', async () => {
    const { id } = await created({ models: ['short-lived'] });
    const book = coolDown(id);
    expect((await admin.operator.delete(`${channels}/${id}`).expect(204)).text).toBe('');
    await admin.operator.get(`${channels}/${id}`).expect(404);
    expect(admin.app.get(ChannelSnapshot).catalog.tiersByModel.has('short-lived')).toBe(false);
    expect(book.coolingUntil(id, Date.now())).toBeUndefined();
    await admin.operator.delete(`${channels}/${id}`).expect(404);
  });
});

describe('the list of channels', () => {
  it('is an array also when it is empty', async () => {
    const fresh = await startAdmin();
    await fresh.operator.get(channels).expect(200, { success: true, data: [] });
  });

  it('is ordered by priority, then by id, and shows no key', async () => {
    const fresh = await startAdmin();
    for (const [name, priority] of [['a', 0], ['b', 5], ['c', 0], ['d', -1], ['e', 5]] as const) {
      await fresh.operator.post(channels).send(aChannel({ name, priority })).expect(201);
    }
    const answer = await fresh.operator.get(channels).expect(200);
    expect(answer.body.data).toMatchObject([{ name: 'b' }, { name: 'e' }, { name: 'a' }, { name: 'c' }, { name: 'd' }]);
    expect(answer.text).not.toContain(key);
  });

  it('says how long a channel cools', async () => {
    const { id } = await created();
    const until = coolDown(id).coolingUntil(id, Date.now())?.until;
    const { data } = (await admin.operator.get(`${channels}/${id}`).expect(200)).body;
    expect(data.cooldown_until).toBe(until);
    expect(data.cooldown_remaining_ms).toBeGreaterThan(0);
    expect(data.cooldown_remaining_ms).toBeLessThanOrEqual(66_000);
  });

  it('and the cooldowns are the same after a restart', async () => {
    const fresh = await startAdmin();
    const { id } = (await fresh.operator.post(channels).send(aChannel()).expect(201)).body.data;
    const now = Date.now();
    fresh.app
      .get(MemoryCooldownBook)
      .penalise({ channelId: id, model: 'claude-a', startedAt: now }, { scope: 'channel', firstMs: 600_000, reason: 'overloaded' }, now);
    const before = (await fresh.operator.get(channels).expect(200)).body.data;
    const again = await fresh.restarted();
    const after = (await again.operator.get(channels).expect(200)).body.data;
    expect(after).toEqual([{ ...before[0], cooldown_remaining_ms: expect.any(Number) }]);
  });
});
