import { describe, expect, it } from '@jest/globals';
import { endpointOf } from '../domain/endpoint.js';
import { HopMarks, hopsHeader, hopsMax, newHopSecret } from './hop-marks.js';

const relay = endpointOf('https://relay.example');

/** What a gateway's request to this endpoint says, besides what it said before. */
const sentBy = (gateway: HopMarks, endpoint = relay): readonly string[] => {
  const headers = ['host', endpoint.host];
  gateway.add(headers, endpoint);
  return headers.slice(2);
};
const markOf = (gateway: HopMarks, endpoint = relay): string => sentBy(gateway, endpoint)[1] ?? '';

describe('the mark of a gateway', () => {
  it('is one header of 24 letters that go through anything', () => {
    expect(sentBy(new HopMarks(newHopSecret()))).toEqual([hopsHeader, expect.stringMatching(/^[\w-]{24}$/)]);
  });

  it('is known again by that gateway, and by others with its secret', () => {
    const secret = newHopSecret();
    const mark = markOf(new HopMarks(secret));
    expect([new HopMarks(secret), new HopMarks(secret), new HopMarks(newHopSecret())].map((gateway) => gateway.isLoop(mark))).toEqual([true, true, false]);
  });

  it('is found among those of other gateways, wherever it stands', () => {
    const [ours, theirs] = [new HopMarks(newHopSecret()), new HopMarks(newHopSecret())];
    const [a, b, own] = [markOf(theirs), markOf(theirs), markOf(ours)];
    expect([`${a}, ${b}`, `${own}, ${a}`, `${a},${own},${b}`, `${a}, ${own}`].map((value) => ours.isLoop(value))).toEqual([false, true, true, true]);
  });

  it('says nothing that two upstreams could compare', () => {
    const gateway = new HopMarks(newHopSecret());
    const [a, b] = [endpointOf('https://a.example'), endpointOf('https://a.example')];
    expect(markOf(gateway, a)).toBe(markOf(gateway, a));
    expect(markOf(gateway, a).slice(0, 12)).not.toBe(markOf(gateway, b).slice(0, 12));
    expect(markOf(gateway, a).slice(12)).not.toBe(markOf(gateway, b).slice(12));
  });

  it.each(['https://api.anthropic.com', 'https://api.openai.com/v1'])('is not sent to %s, which leads nowhere else', (url) => {
    expect(sentBy(new HopMarks(newHopSecret()), endpointOf(url))).toEqual([]);
  });
});

describe('what a request says of its way', () => {
  const gateway = new HopMarks(newHopSecret());
  const foreign = (count: number): string => Array.from({ length: count }, () => markOf(new HopMarks(newHopSecret()))).join(', ');

  it.each([
    ['that it does not say', undefined],
    ['that is empty', ''],
    ['that is a comma', ','],
    ['that is short', 'x'],
    ['that is made up', 'a'.repeat(24)],
    ['that is very long', 'a'.repeat(16_000)],
  ])('%s is no loop of ours', (_, value) => {
    expect(gateway.isLoop(value)).toBe(false);
  });

  it(`is believed up to ${hopsMax} gateways; one more is a circle, whosever it is`, () => {
    expect([gateway.isLoop(foreign(hopsMax)), gateway.isLoop(foreign(hopsMax + 1))]).toEqual([false, true]);
  });
});
