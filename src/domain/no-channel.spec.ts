import { describe, expect, it } from '@jest/globals';
import { catalogOf } from './catalog.js';
import type { Channel } from './channel.js';
import type { Standing } from './cooldown.js';
import { noChannel, probedRetryAfterSeconds, type Waking } from './no-channel.js';

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

const cooling = (until: number, byHand = false): Standing => ({ kind: 'cooling', until, since: now - 9_000, probing: false, byHand, reason: 'any' });
const wakingAt = (at: number): Waking => ({ at, now, standing: cooling(at) });
const probed: Waking = { at: now, now, standing: { kind: 'half-open', probing: true, reason: 'any' } };

describe('when no channel can be tried, the client hears why', () => {
  it.each([
    ['unknown', undefined, /^No channel serves the model "unknown"\..*GET \/v1\/models/],
    ['off', undefined, /^All channels that serve the model "off" are disabled\.$/],
    ['served', now + 12_000, /^All channels that serve the model "served" are cooling down after failures until 2026-05-04T13:06:52\.000Z\.$/],
  ])('%s', (model, wakesAt, sentence) => {
    const waking = wakesAt === undefined ? undefined : wakingAt(wakesAt);
    expect(noChannel(catalog, model, waking).message).toMatch(sentence);
  });

  it.each([
    ['a whole number of seconds', now + 12_000, 12],
    ['rounded up, so that nobody comes back too early', now + 12_001, 13],
    ['at least one second', now + 1, 1],
    ['one second when it is over now', now, 1],
    ['one second when the time has just passed', now - 5_000, 1],
    ['half an hour', now + 1_800_000, 1_800],
  ])('Retry-After: %s', (_, wakesAt, seconds) => {
    expect(noChannel(catalog, 'served', wakingAt(wakesAt)).retryAfterSeconds).toBe(seconds);
  });

  it('while another request probes: that, and no moment that nobody knows', () => {
    const { message, retryAfterSeconds } = noChannel(catalog, 'served', probed);
    expect(message).toBe('The channels that serve the model "served" have failed, and another request is probing whether one of them works again.');
    expect(retryAfterSeconds).toBe(probedRetryAfterSeconds);
  });

  it('speaks of no failures where an operator cools', () => {
    const waking = { ...wakingAt(now + 12_000), standing: cooling(now + 12_000, true) };
    expect(noChannel(catalog, 'served', waking).message).toMatch(/^All channels that serve the model "served" are cooling down until /);
  });

  it.each(['unknown', 'off'])('no Retry-After when waiting will not help (%s)', (model) => {
    expect(noChannel(catalog, model, undefined).retryAfterSeconds).toBeUndefined();
  });

  it('never speaks of a moment in the past', () => {
    expect(noChannel(catalog, 'served', wakingAt(now - 60_000)).message).toContain(new Date(now).toISOString());
  });

  it('reveals neither the names nor the addresses of channels', () => {
    for (const waking of [undefined, wakingAt(now + 1_000), probed]) {
      expect(noChannel(catalog, 'served', waking).message).not.toMatch(/secret|relay\.example/);
    }
  });
});
