import { describe, expect, it } from '@jest/globals';
import { attemptSpanIdOf, callerTraceOf, callSpanIdOf, isSampled, receivedAtOf, traceIdOf, traceStateCharsMax } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const requestId = '01990000-0123-7abc-bfff-ffffffffffff';

describe('a traceparent', () => {
  it.each([
    ['00', '01', true],
    ['00', '00', false],
    ['00', '03', true],
    ['00', '02', false],
    ['cc', 'ff', true],
  ])('of version %s with the flags %s says whether it is sampled: %s', (version, flags, sampled) => {
    expect(callerTraceOf(`${version}-${traceId}-${parentId}-${flags}`, '')).toEqual({ traceId, parentId, isSampled: sampled, state: '' });
  });

  it('of a later version may go on after its flags', () => {
    expect(callerTraceOf(`01-${traceId}-${parentId}-01-what-comes`, '')?.traceId).toBe(traceId);
  });

  it.each([
    '',
    'hello',
    `00-${traceId}-${parentId}`,
    `00-${traceId}-${parentId}-01-more`,
    `00-${traceId}-${parentId}-01x`,
    `00-${traceId}-${parentId}-1`,
    `ff-${traceId}-${parentId}-01`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.slice(1)}-${parentId}-01`,
    `00-${traceId}-${parentId}-01, 00-${traceId}-${parentId}-01`,
    `00-${traceId}-${parentId}-0g`,
  ])('is not believed: %j', (text) => {
    expect(callerTraceOf(text, 'a=1')).toBeUndefined();
  });
});

describe('a tracestate', () => {
  const stateOf = (text: string): string | undefined => callerTraceOf(`00-${traceId}-${parentId}-01`, text)?.state;

  it('is kept as it came', () => {
    expect(stateOf('rojo=00f067aa0ba902b7, congo=t61rcWkgMzE')).toBe('rojo=00f067aa0ba902b7, congo=t61rcWkgMzE');
  });

  it.each([`a=${'x'.repeat(traceStateCharsMax)}`, 'a=1\r\nx-evil: 1', 'a=é'])('is left out when it cannot be passed along', (text) => {
    expect(stateOf(text)).toBe('');
  });
});

describe('ids', () => {
  it('of a new trace have the digits of the request id, so that one leads to the other', () => {
    expect(traceIdOf(requestId, undefined)).toBe('0199000001237abcbfffffffffffffff');
  });

  it('of a trace that goes on are the client’s', () => {
    expect(traceIdOf(requestId, { traceId, parentId, isSampled: true, state: '' })).toBe(traceId);
  });

  it('of the spans of a call differ and have 16 digits, also at the end of their range', () => {
    const ids = [callSpanIdOf(requestId), ...[1, 2, 3, 1_000].map((attempt) => attemptSpanIdOf(requestId, attempt))];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([]);
  });

  it('tell when the request came', () => {
    expect(receivedAtOf('01990000-0123-7abc-bfff-ffffffffffff')).toBe(0x0199_0000_0123);
  });
});

describe('sampling', () => {
  const caller = (sampled: boolean) => ({ traceId, parentId, isSampled: sampled, state: '' });
  const lowest = 'f'.repeat(19) + '0'.repeat(13);
  const highest = '0'.repeat(19) + 'f'.repeat(13);

  it.each([
    [true, 0, true],
    [false, 1, false],
  ])('does what the client decided (%s), whatever the ratio (%d)', (decided, ratio, expected) => {
    expect(isSampled(traceId, caller(decided), { ratio, followsCaller: true })).toBe(expected);
  });

  it('decides alone when it is told to', () => {
    expect(isSampled(traceId, caller(true), { ratio: 0, followsCaller: false })).toBe(false);
    expect(isSampled(traceId, caller(false), { ratio: 1, followsCaller: false })).toBe(true);
  });

  it.each([
    [lowest, 1, true],
    [lowest, 0.999, false],
    [highest, 0.001, true],
    [highest, 0, false],
  ])('of %s at the ratio %d is %s', (id, ratio, expected) => {
    expect(isSampled(id, undefined, { ratio, followsCaller: true })).toBe(expected);
  });

  it('keeps about as many as it should', () => {
    const ids = Array.from({ length: 4_000 }, (_, at) => ((at * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0').padStart(27, '0') + '00000');
    const kept = ids.filter((id) => isSampled(id, undefined, { ratio: 0.25, followsCaller: true }));
    expect(kept.length).toBeGreaterThan(900);
    expect(kept.length).toBeLessThan(1_100);
  });
});
