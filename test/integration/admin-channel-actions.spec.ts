import { beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryCooldownBook } from '../../src/cooldown/memory-cooldown-book.js';
import { ChannelSnapshot } from '../../src/channels/channel-snapshot.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const channels = '/admin/channels';
const key = 'sk-ant-0123456789-abcd';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
});

interface Channel {
  readonly id: number;
  readonly name: string;
  readonly updated_at: number;
}
const created = async (changes: object = {}): Promise<Channel> => {
  const channel: Channel = (await admin.operator.post(channels).send(aChannel(changes)).expect(201)).body.data;
  return channel;
};
const put = (id: number, body: object) => admin.operator.put(`${channels}/${id}`).send(body);
const standing = (id: number, model = 'claude-a') => admin.app.get(MemoryCooldownBook).standing(id, model, Date.now()).kind;

describe('the key of a channel', () => {
  it('is shown in clear to whoever asks for it, and kept by nobody on the way', async () => {
    const { id } = await created();
    const answer = await admin.operator.get(`${channels}/${id}/key`).expect(200);
    expect(answer.body).toEqual({ success: true, data: { api_key: key } });
    expect(answer.get('Cache-Control')).toBe('no-store');
  });

  it('is shown to operators only, for channels that exist', async () => {
    await admin.anonymous.get(`${channels}/1/key`).expect(401);
    await admin.operator.get(`${channels}/999999/key`).expect(404);
    await admin.operator.get(`${channels}/1e0/key`).expect(400);
  });
});

describe('a cooldown by hand', () => {
  it('is in force at once and shown', async () => {
    const { id } = await created();
    const before = Date.now();
    const { data } = (await admin.operator.post(`${channels}/${id}/cooldown`).send({ duration_ms: 60_000 }).expect(200)).body;
    expect(data).toMatchObject({ id, cooldown_until: expect.any(Number), cooldown_remaining_ms: expect.any(Number) });
    expect(data.cooldown_until - before).toBeGreaterThanOrEqual(60_000);
    expect([standing(id), standing(id, 'claude-b')]).toEqual(['cooling', 'cooling']);
  });

  it('is ended at once, and those of its models with it', async () => {
    const { id } = await created();
    const book = admin.app.get(MemoryCooldownBook);
    const now = Date.now();
    book.penalise({ channelId: id, model: 'claude-a', startedAt: now }, { scope: 'model', firstMs: 60_000, reason: 'x' }, now);
    await admin.operator.post(`${channels}/${id}/cooldown`).send({ duration_ms: 60_000 }).expect(200);
    const { data } = (await admin.operator.delete(`${channels}/${id}/cooldown`).expect(200)).body;
    expect(data).not.toHaveProperty('cooldown_until');
    expect([standing(id), standing(id, 'claude-b')]).toEqual(['open', 'open']);
  });

  it('can be ended where there is none', async () => {
    const { id } = await created();
    await admin.operator.delete(`${channels}/${id}/cooldown`).expect(200);
  });

  it('survives a restart, a long one too', async () => {
    const fresh = await startAdmin();
    const { id } = (await fresh.operator.post(channels).send(aChannel()).expect(201)).body.data;
    const week = 7 * 24 * 60 * 60 * 1000;
    const set = (await fresh.operator.post(`${channels}/${id}/cooldown`).send({ duration_ms: week }).expect(200)).body.data;
    const again = await fresh.restarted();
    const { data } = (await again.operator.get(`${channels}/${id}`).expect(200)).body;
    expect(data.cooldown_until).toBe(set.cooldown_until);
  });

  it.each([
    [{}],
    [{ duration_ms: 0 }],
    [{ duration_ms: 999 }],
    [{ duration_ms: 604_800_001 }],
    [{ duration_ms: -5_000 }],
    [{ duration_ms: 1500.5 }],
    [{ duration_ms: '5000' }],
    [{ duration_ms: null }],
    [{ duration_ms: [5000] }],
    [{ duration_ms: 5_000, model: 'm' }],
  ])('of %j is refused', async (body) => {
    const { id } = await created();
    const answer = await admin.operator.post(`${channels}/${id}/cooldown`).send(body).expect(400);
    expect(answer.body).toEqual({ success: false, data: null, error: expect.stringMatching(/duration_ms must be a whole number from 1000 to 604800000|not a known field/) });
    expect(standing(id)).toBe('open');
  });

  it('of a channel that is not there is refused', async () => {
    await admin.operator.post(`${channels}/999999/cooldown`).send({ duration_ms: 5_000 }).expect(404);
    await admin.operator.delete(`${channels}/999999/cooldown`).expect(404);
    await admin.anonymous.delete(`${channels}/1/cooldown`).expect(401);
  });
});

describe('two who edit one channel', () => {
  it('are told apart by updated_at: the second is refused and nothing of it is stored', async () => {
    const { id, name, updated_at } = await created();
    const whole = { name, url: 'https://b.example', models: ['m'], updated_at };
    await put(id, { ...whole, priority: 1 }).expect(200);
    const answer = await put(id, { ...whole, priority: 2 }).expect(409);
    expect(answer.body).toEqual({
      success: false,
      data: null,
      error: 'the channel was changed in the meantime; load it again and repeat the change',
    });
    expect((await admin.operator.get(`${channels}/${id}`)).body.data.priority).toBe(1);
  });

  it('one of twenty wins when all begin with the same state', async () => {
    const { id, updated_at } = await created();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => put(id, { enabled: index % 2 === 0, updated_at })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('overwrite each other without it', async () => {
    const { id } = await created();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => put(id, { enabled: index % 2 === 0 })));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    const moments = answers.map((answer) => Number(answer.body.data.updated_at));
    expect(new Set(moments).size).toBe(20);
    expect((await admin.operator.get(`${channels}/${id}`)).body.data.updated_at).toBe(Math.max(...moments));
  });

  it('never meet a time that goes backwards', async () => {
    const { id, updated_at } = await created();
    const later = updated_at + 3_600_000;
    await admin.database.remote('channels').update(id, {}, { now: later });
    const { data } = (await put(id, { enabled: false }).expect(200)).body;
    expect(data.updated_at).toBe(later + 1);
  });

  it.each([['yesterday'], [-1], [1.5], ['1'], [null], [{}]])('are told when updated_at is %j', async (updated_at) => {
    const { id } = await created();
    await put(id, { enabled: false, updated_at }).expect(400);
  });
});

describe('a hostile name', () => {
  it.each([
    ['markup', '<script>alert(1)</script>'],
    ['an attribute', '"onmouseover="alert(1)'],
    ['a bidirectional override', 'invoice\u202egnp.exe'],
    ['invisible characters', 'a\u200b\u200db\ufeffc'],
    ['a statement', `'); DROP TABLE channels; --`],
    ['a pattern', '%_%'],
    ['a template', '{{constructor.constructor("return 1")()}} ${7*7} <%= 7*7 %>'],
    ['a path', '../../etc/passwd'],
    ['a prototype', '__proto__'],
  ])('with %s is stored as it is, and comes back as JSON and nothing else', async (_what, name) => {
    const { id } = await created({ name, models: [name] });
    const answer = await admin.operator.get(`${channels}/${id}`).expect(200);
    expect(answer.body.data).toMatchObject({ name, models: [name] });
    expect(answer.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(answer.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(admin.app.get(ChannelSnapshot).catalog.tiersByModel.has(name)).toBe(true);
    await admin.operator.delete(`${channels}/${id}`).expect(204);
  });

  it.each([
    ['a megabyte', 'x'.repeat(1_000_000), 400],
    ['a megabyte of surrogates', '😀'.repeat(250_000), 400],
    ['more than a megabyte', 'x'.repeat(1_100_000), 413],
    ['zeros', '\u0000', 400],
    ['an escape sequence', '\u001b[2J\u001b[31mred', 400],
    ['line breaks', 'a\r\nSet-Cookie: x=y', 400],
    ['separators', 'a\u2028b', 400],
    ['half a character', '\udc00', 400],
    ['control characters of the second kind', 'a\u0085b', 400],
  ])('of %s is refused, and not repeated', async (_what, name, status) => {
    const answer = await admin.operator.post(channels).send(aChannel({ name })).expect(status);
    expect(answer.text.length).toBeLessThan(1_000);
    const model = await admin.operator.post(channels).send(aChannel({ models: [name] })).expect(status);
    expect(model.text.length).toBeLessThan(1_000);
  });
});
