import { describe, expect, it } from '@jest/globals';
import { channelPage, rowsPerPage, selected, stateOf, type ChannelFacts } from './channel-facts.js';
import { listQueryOf } from './list-query.js';

const channel = (changes: Partial<ChannelFacts> = {}): ChannelFacts => ({
  ...{ id: 1, name: 'main', url: 'https://api.example.com', models: ['claude'], priority: 0, enabled: true, updated_at: 0 },
  ...{ cooling: [], isUsable: true, succeeded: 0, failed: 0, ...changes },
});
const until = { until: 9, reason: 'rate limit' };
const names = (channels: readonly ChannelFacts[], query: object): readonly string[] => selected(channels, listQueryOf(query)).map(({ name }) => name);

describe('the state of a channel', () => {
  it.each([
    [{}, 'serving'],
    [{ cooling: [{ model: 'a', ...until }] }, 'partly'],
    [{ cooling: [{ model: 'a', ...until }, { model: undefined, ...until }] }, 'cooling'],
    [{ enabled: false, cooling: [{ model: undefined, ...until }] }, 'disabled'],
    [{ enabled: false, isUsable: false }, 'unusable'],
  ] as const)('with %j is %s', (changes, state) => expect(stateOf(channel(changes))).toBe(state));
});

describe('the channels that are asked for', () => {
  const cools = channel({ name: 'Cools', cooling: [{ model: undefined, ...until }], priority: 5, succeeded: 1, failed: 3 });
  const partly = channel({ name: 'partly', models: ['GPT-5', 'x'], cooling: [{ model: 'x', ...until }], priority: 9, succeeded: 2 });
  const off = channel({ name: 'off', url: 'https://off.example.cn', enabled: false });
  const all = [cools, partly, off];

  it.each([
    [{ q: 'cool' }, ['Cools']],
    [{ q: '.CN' }, ['off']],
    [{ q: 'gpt' }, ['partly']],
    [{ status: 'cooling' }, ['partly', 'Cools']],
    [{ status: 'serving' }, ['partly']],
    [{ status: 'disabled' }, ['off']],
    [{ model: 'gpt-5', status: 'cooling' }, ['partly']],
    [{ q: 'nothing like it' }, []],
  ])('by %j are %j', (query, found) => expect(names(all, query)).toEqual(found));

  it.each([
    [{}, ['partly', 'Cools', 'off']],
    [{ sort: 'name' }, ['Cools', 'off', 'partly']],
    [{ sort: 'status' }, ['Cools', 'partly', 'off']],
    [{ sort: 'attempts' }, ['Cools', 'partly', 'off']],
    [{ sort: 'success' }, ['partly', 'Cools', 'off']],
    [{ sort: 'success', order: 'asc' }, ['off', 'Cools', 'partly']],
  ])('in the order of %j are %j', (query, found) => expect(names(all, query)).toEqual(found));

  it('are still there on a page past the last', () => {
    const many = Array.from({ length: rowsPerPage + 1 }, (_, id) => channel({ id }));
    expect(channelPage(many, listQueryOf({ page: '9' }))).toMatchObject({ rows: [{ id: rowsPerPage }], found: rowsPerPage + 1, query: { page: 2 } });
    expect(channelPage([], listQueryOf({ page: '9' }))).toMatchObject({ rows: [], query: { page: 1 } });
  });
});
