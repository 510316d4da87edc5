import { describe, expect, it } from '@jest/globals';
import { catalogOf, type Catalog } from './catalog.js';
import type { Channel } from './channel.js';

const channel = (id: number, models: readonly string[], more: Partial<Channel> = {}): Channel => ({
  id,
  name: `channel ${id}`,
  url: `https://relay-${id}.example`,
  keys: [{ id, secret: `key-${id}` }],
  models: models.map((name) => ({ name })),
  priority: 0,
  enabled: true,
  createdAt: 0,
  updatedAt: 0,
  ...more,
});

/** Ids per tier, best first. */
const tiersOf = (catalog: Catalog, model: string): readonly (readonly number[])[] | undefined =>
  catalog.tiersByModel.get(model)?.map((tier) => tier.routes.map((route) => route.channel.id));

describe('the catalog', () => {
  it('puts the highest priority first, and channels of one priority in id order whatever order they came in', () => {
    const catalog = catalogOf([
      channel(7, ['m'], { priority: 5 }),
      channel(3, ['m'], { priority: -1 }),
      channel(2, ['m'], { priority: 5 }),
      channel(1, ['m'], { priority: 10 }),
    ]);
    expect(tiersOf(catalog, 'm')).toEqual([[1], [2, 7], [3]]);
    expect(catalog.tiersByModel.get('m')?.map((tier) => tier.priority)).toEqual([10, 5, -1]);
  });

  it.each(['M', 'm ', 'mm', 'claude', ''])('finds a model by its exact name only: "%s" is unknown', (name) => {
    expect(tiersOf(catalogOf([channel(1, ['m', 'claude-x'])]), name)).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'toString'])('is not fooled by a model called %s', (name) => {
    const catalog = catalogOf([channel(1, ['m'])]);
    expect(tiersOf(catalog, name)).toBeUndefined();
    expect(catalog.disabledModels.has(name)).toBe(false);
    expect(tiersOf(catalogOf([channel(1, [name])]), name)).toEqual([[1]]);
  });

  it('lists a channel once that names a model twice', () => {
    expect(tiersOf(catalogOf([channel(1, ['m', 'm'])]), 'm')).toEqual([[1]]);
  });

  it('leaves disabled channels out of everything a request can reach', () => {
    const catalog = catalogOf([channel(1, ['m']), channel(2, ['m', 'gone'], { enabled: false })]);
    expect(tiersOf(catalog, 'm')).toEqual([[1]]);
    expect(tiersOf(catalog, 'gone')).toBeUndefined();
    expect([...catalog.enabledChannels.keys()]).toEqual([1]);
    expect(catalog.models).toEqual(['m']);
  });

  it('remembers models that only disabled channels serve, and only those', () => {
    const catalog = catalogOf([channel(1, ['both', 'off'], { enabled: false }), channel(2, ['both'])]);
    expect([...catalog.disabledModels]).toEqual(['off']);
  });

  it('lists the union of models once and sorted', () => {
    const catalog = catalogOf([channel(1, ['b', 'a']), channel(2, ['c', 'b'])]);
    expect(catalog.models).toEqual(['a', 'b', 'c']);
  });

  it('computes the endpoint of a channel once for all its models', () => {
    const catalog = catalogOf([channel(1, ['a', 'b'], { url: 'https://api.openai.com/v1' })]);
    const [a, b] = ['a', 'b'].map((model) => catalog.tiersByModel.get(model)?.[0]?.routes[0]);
    expect(a).toBe(b);
    expect(a?.endpoint).toMatchObject({ origin: 'https://api.openai.com', pathPrefix: '', credentialStyle: 'bearer' });
  });

  it('is empty without channels', () => {
    expect(catalogOf([])).toEqual({ tiersByModel: new Map(), disabledModels: new Set(), models: [], enabledChannels: new Map() });
  });

  it('does not look at the URL of a disabled channel, but refuses an enabled one whose URL is none', () => {
    expect(() => catalogOf([channel(1, ['m'], { url: 'relay.example', enabled: false })])).not.toThrow();
    expect(() => catalogOf([channel(1, ['m'], { url: 'relay.example' })])).toThrow('Invalid URL');
  });
});
