import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../domain/channel.js';
import { ChannelSnapshot } from './channel-snapshot.js';

const channel = (id: number, changes: Partial<Channel> = {}): Channel => ({
  id,
  name: `channel ${id}`,
  url: 'https://api.example.com',
  keys: [{ id: 1, secret: 'k' }],
  models: [{ name: 'm' }],
  priority: 0,
  enabled: true,
  createdAt: 1,
  updatedAt: 1,
  ...changes,
});

describe('the channel snapshot', () => {
  it('is empty until it is filled', () => {
    const snapshot = new ChannelSnapshot();
    expect(snapshot.all).toEqual([]);
    expect(snapshot.catalog.models).toEqual([]);
  });

  it('shows the new channels as soon as they are replaced, disabled ones in the list only', () => {
    const snapshot = new ChannelSnapshot();
    snapshot.replace([channel(1), channel(2, { enabled: false, models: [{ name: 'n' }] })]);
    expect(snapshot.all.map(({ id }) => id)).toEqual([1, 2]);
    expect(snapshot.catalog.models).toEqual(['m']);
  });

  it('leaves a catalog that a request has taken as it was', () => {
    const snapshot = new ChannelSnapshot();
    snapshot.replace([channel(1)]);
    const taken = snapshot.catalog;
    snapshot.replace([]);
    expect(taken.tiersByModel.get('m')?.[0]?.routes[0]?.channel.id).toBe(1);
    expect(snapshot.catalog.tiersByModel.size).toBe(0);
  });

  it('keeps what it has when the new channels cannot be used', () => {
    const snapshot = new ChannelSnapshot();
    snapshot.replace([channel(1)]);
    expect(() => snapshot.replace([channel(2, { url: 'nonsense' })])).toThrow('Invalid URL');
    expect(snapshot.all.map(({ id }) => id)).toEqual([1]);
    expect(snapshot.catalog.enabledChannels.has(1)).toBe(true);
  });
});
