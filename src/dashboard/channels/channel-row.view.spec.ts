import { describe, expect, it } from '@jest/globals';
import { formatsOf } from '../text/formats.js';
import type { ChannelFacts } from './channel-facts.js';
import { channelListEn } from './channel-list.en.js';
import { rowView, sparkPoints, type RowFacts } from './channel-row.view.js';

const now = 1_800_000_000_000;
const channel: ChannelFacts = {
  ...{ id: 4, name: 'main', url: 'https://api.example.com', models: ['a'], priority: 3, enabled: true, updated_at: 7 },
  ...{ cooling: [], isUsable: true, succeeded: 0, failed: 0 },
};
const view = (changes: Partial<ChannelFacts> = {}, facts: RowFacts = { hours: [] }) => rowView({ ...channel, ...changes }, now, { texts: channelListEn, formats: formatsOf.en }, facts);

describe('a row of the list', () => {
  it('of a channel that nobody asked claims no rate and draws no line', () =>
    expect(view({}, { hours: [0, 0] })).toMatchObject({ attempts: '0', failed: undefined, success: '–', sparkline: undefined }));

  it('says what came of the attempts, in words for those who cannot see the line', () =>
    expect(view({ succeeded: 1_500, failed: 500 }, { hours: [0, 1_500, 500] })).toMatchObject({
      ...{ attempts: '2,000', failed: '500 failed', success: '75.0%' },
      sparkline: { label: 'Attempts per hour of the last day, at most 1,500' },
    }));

  it('names two models and three cooldowns, and counts the others', () => {
    const cooling = ['a', 'b', 'c', 'd', 'e'].map((model) => ({ model, until: now + 61_000, reason: 'rate limit' }));
    const row = view({ models: ['a', 'b', 'c', 'd', 'e'], cooling });
    expect(row.models).toMatchObject({ shown: ['a', 'b'], more: '+3', title: '5 models: a, b, c, d, e' });
    expect(row.cooling.map(({ model, reason, until }) => [model, reason, until.text])).toEqual(['a', 'b', 'c'].map((model) => [model, 'rate limit', '1:01']));
    expect(row.moreCooling).toBe('+2');
    expect(row.badge).toEqual({ tone: 'good', label: 'Serving' });
  });

  it('shows a reason that this version does not know as it is', () =>
    expect(view({ cooling: [{ model: undefined, until: now, reason: 'a reason of tomorrow' }] }).cooling[0]?.reason).toBe('a reason of tomorrow'));

  it('keeps what was typed when it was refused', () => expect(view({}, { hours: [], typed: 'high' }).priority).toMatchObject({ value: 'high', isWrong: true }));

  it.each([[{ enabled: true }, 'disable'], [{ enabled: false }, 'enable']])('offers with %j to %s it', (changes, name) => expect(view(changes).switch.name).toBe(name));
});

describe('the points of a sparkline', () => {
  it.each([
    [[0, 10, 5], '0.0,23.0 50.0,1.0 100.0,12.0'],
    [[0, 0], '0.0,23.0 100.0,23.0'],
    [[4], '0.0,1.0'],
    [[], ''],
  ])('of %j are %j', (values, points) => expect(sparkPoints(values)).toBe(points));
});
