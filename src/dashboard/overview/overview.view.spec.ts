import { describe, expect, it } from '@jest/globals';
import { formatsOf } from '../text/formats.js';
import type { ChannelFacts } from './channel-health.view.js';
import type { ErrorFacts } from './last-errors.view.js';
import { overviewEn } from './overview.en.js';
import { overviewView, type OverviewFacts } from './overview.view.js';

const now = Date.UTC(2026, 0, 2, 12);
const nothing: OverviewFacts = { total: 0, success: 0, error: 0, hours: 24, live: { total: 0, calls: [] }, channels: [], kinds: [], points: [], errors: [], paths: { connect: '/web/connect' } };
const view = (changes: Partial<OverviewFacts>) => overviewView({ ...nothing, ...changes }, now, { texts: overviewEn, formats: formatsOf.en });
const channel = (changes: Partial<ChannelFacts> = {}): ChannelFacts => ({ id: 1, name: 'main', enabled: true, cooling: [], succeeded: 0, failed: 0, ...changes });
const error = (changes: Partial<ErrorFacts> = {}): ErrorFacts => ({ id: 1, time: now, request_id: 'r', final: true, model: 'm', channel_name: 'main', status_code: 500, message: '', ...changes });
const valueOf = (facts: Partial<OverviewFacts>, id: string): string | undefined => view(facts).tiles.find((tile) => tile.id === id)?.value;

describe('the tiles', () => {
  it('claim nothing where nothing happened', () => expect(view({}).tiles.map(({ value }) => value)).toEqual(['0', '0', '–', '0', '–']));

  it('leave clients that left out of the success rate', () => expect(valueOf({ total: 10, success: 6, error: 2 }, 'success')).toBe('75.0%'));

  it('weigh the time to the first byte by successes, and leave out who has none', () => {
    const kind = { input_tokens: 0, output_tokens: 0 };
    const kinds = [{ ...kind, success: 9, avg_first_byte_time: 1 }, { ...kind, success: 1, avg_first_byte_time: 2 }, { ...kind, success: 90, avg_first_byte_time: null }];
    expect(valueOf({ kinds }, 'first-byte')).toBe('1.10 s');
  });
});

describe('the chart', () => {
  const point = (success: number) => ({ ts: now, success, error: 0 });
  const valuesOf = (points: readonly ReturnType<typeof point>[]): readonly string[] => view({ points }).chart.rows.map(({ cells }) => cells.map(({ text }) => text).join('/'));

  it('leaves out the step that is under way, which would look like a collapse', () => expect(valuesOf([point(0), point(1_234), point(3)])).toEqual(['0/0', '1,234/0']));
  it('keeps it while nothing else has happened', () => expect(valuesOf([point(0), point(3)])).toEqual(['0/0', '3/0']));
  it('may be empty', () => expect(valuesOf([])).toEqual([]));
});

describe('the health of channels', () => {
  it('puts those that cool first and those that are off last, and counts each', () => {
    const cooling = [{ model: undefined, until: now + 61_000, reason: 'rate limit' }];
    const { rows, summary } = view({ channels: [channel({ name: 'off', enabled: false, cooling }), channel({ name: 'serves' }), channel({ name: 'cools', cooling })] }).health;
    expect(rows.map(({ name, badge }) => [name, badge.label])).toEqual([['cools', 'Cooling'], ['serves', 'Serving'], ['off', 'Disabled']]);
    expect(summary.map(({ label }) => label)).toEqual(['1 serving', '1 cooling', '1 disabled']);
    expect(rows[0]?.cooling.map(({ model, reason, until }) => [model, reason, until.text])).toEqual([['', 'rate limit', '1:01']]);
    expect(rows[2]?.cooling).toEqual([]);
  });

  it('leads from each channel to where it can be changed, as far as there is such a page', () => {
    const channels = [channel({ name: '备用 & more' })];
    const paths = { connect: '/web/connect', channels: '/web/channels' };
    expect(view({ channels, paths }).health.rows[0]?.path).toBe('/web/channels?q=%E5%A4%87%E7%94%A8+%26+more');
    expect(view({ channels }).health.rows[0]?.path).toBe('');
  });

  it('calls a channel serving of which only some models cool, and names these', () => {
    const cooling = ['a', 'b', 'c', 'd'].map((model) => ({ model, until: now + 5_000, reason: 'a reason of tomorrow' }));
    const [row] = view({ channels: [channel({ cooling })] }).health.rows;
    expect(row?.badge).toEqual({ tone: 'good', label: 'Serving' });
    expect(row?.cooling.map(({ model, reason }) => `${model}: ${reason}`)).toEqual(['a: a reason of tomorrow', 'b: a reason of tomorrow', 'c: a reason of tomorrow']);
  });

  it('shows a dozen channels and says how many more there are', () => {
    const { rows, more } = view({ channels: Array.from({ length: 200 }, (_, id) => channel({ id })) }).health;
    expect([rows.length, more]).toEqual([12, '188 more channels']);
  });

  it('has no success rate for a channel that nobody asked', () => {
    const { rows } = view({ channels: [channel(), channel({ succeeded: 3, failed: 1 })] }).health;
    expect(rows.map(({ attempts, success }) => [attempts, success])).toEqual([['0', '–'], ['4', '75.0%']]);
  });
});

describe('requests under way', () => {
  const call = { request_id: 'r', received_at: now - 3_000, model: 'm', channel_id: 1, attempt: 1, committed_at: null, bytes: 0 };

  it('say what they wait for until bytes flow', () => {
    const calls = [call, { ...call, committed_at: now, bytes: 2_048, attempt: 2 }, { ...call, model: '', channel_id: null, attempt: 0 }, { ...call, channel_id: 9 }];
    const { live } = view({ channels: [channel()], live: { total: 4, calls } });
    expect(live.calls.map(({ model, channel: name, attempt, progress }) => [model, name, attempt, progress])).toEqual([
      ['m', 'main', '', 'waiting for an answer'],
      ['m', 'main', 'attempt 2', '2 kB'],
      ['reading the request', 'choosing a channel', '', 'waiting for an answer'],
      ['m', '9', '', 'waiting for an answer'],
    ]);
  });

  it('are at most twenty, and the others are counted', () => {
    const { live } = view({ live: { total: 500, calls: Array.from({ length: 200 }, () => call) } });
    expect([live.calls.length, live.more]).toEqual([20, 'and 480 more']);
  });
});

describe('the last errors', () => {
  it('come newest first, without clients that left', () => {
    const errors = [error({ id: 1, time: now - 5_000 }), error({ id: 3, status_code: 499 }), error({ id: 2 }), error({ id: 4 })];
    expect(view({ errors }).errors.map(({ id }) => id)).toEqual(['4', '2', '1']);
  });

  it.each([
    [529, true, 'bad', '529 Overloaded', 'reached the client'],
    [429, false, 'warn', '429 Rate limit', 'failed over'],
    [418, true, 'bad', '418 Refused', 'reached the client'],
    [599, true, 'bad', '599 Failed', 'reached the client'],
  ])('say in words what %d means (final: %p)', (status_code, final, tone, label, consequence) => {
    expect(view({ errors: [error({ status_code, final })] }).errors[0]).toMatchObject({ badge: { tone, label }, consequence, path: '' });
  });

  it('lead to the decision trace once there is such a page', () => {
    const paths = { connect: '', trace: (id: string) => `/web/logs/${id}` };
    expect(view({ errors: [error({ request_id: 'abc' })], paths }).errors[0]?.path).toBe('/web/logs/abc');
  });
});

describe('the first look', () => {
  it.each([
    ['without channels', {}, true],
    ['with a channel that nobody has used', { channels: [channel()] }, true],
    ['while the first request is under way', { channels: [channel()], live: { total: 1, calls: [] } }, false],
    ['after the first request', { channels: [channel()], total: 1 }, false],
  ])('%s leads on: %j', (_what, changes, isNew) => expect(view(changes).isNew).toBe(isNew));
});
