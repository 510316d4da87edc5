import { describe, expect, it } from '@jest/globals';
import { catalogOf } from './catalog.js';
import type { Channel } from './channel.js';
import { noChannel } from './no-channel.js';

const now = 1_777_900_000_000;

const channel = (id: number, model: string, enabled: boolean): Channel => ({
  id,
  name: `secret-name-${id}`,
  url: 'https://relay.example',
  keys: [{ id, secret: 'sk-secret' }],
  models: [{ name: model }],
  priority: 0,
  enabled,
  createdAt: 0,
  updatedAt: 0,
});

const catalog = catalogOf([channel(1, 'served', true), channel(2, 'off', false)]);

describe('when no channel can be tried, the client hears why', () => {
  it.each([
    ['unknown', undefined, /^No channel serves the model "unknown"\..*GET \/v1\/models/],
    ['off', undefined, /^All channels that serve the model "off" are disabled\.$/],
    ['served', now + 12_000, /^All channels that serve the model "served" are cooling down after failures until 2026-05-04T13:06:52\.000Z\.$/],
  ])('%s', (model, wakesAt, sentence) => {
    const waking = wakesAt === undefined ? undefined : { at: wakesAt, now };
    expect(noChannel(catalog, model, waking).message).toMatch(sentence);
  });

  it.each([
    ['a whole number of seconds', now + 12_000, 12],
    ['rounded up, so that nobody comes back too early', now + 12_001, 13],
    ['at least one second', now + 1, 1],
    ['one second while somebody else probes', now, 1],
    ['one second when the time has just passed', now - 5_000, 1],
    ['half an hour', now + 1_800_000, 1_800],
  ])('Retry-After: %s', (_, wakesAt, seconds) => {
    expect(noChannel(catalog, 'served', { at: wakesAt, now }).retryAfterSeconds).toBe(seconds);
  });

  it.each(['unknown', 'off'])('no Retry-After when waiting will not help (%s)', (model) => {
    expect(noChannel(catalog, model, undefined).retryAfterSeconds).toBeUndefined();
  });

  it('never speaks of a moment in the past', () => {
    expect(noChannel(catalog, 'served', { at: now - 60_000, now }).message).toContain(new Date(now).toISOString());
  });

  it('reveals neither the names nor the addresses of channels', () => {
    for (const waking of [undefined, { at: now + 1_000, now }]) {
      expect(noChannel(catalog, 'served', waking).message).not.toMatch(/secret|relay\.example/);
    }
  });
});
