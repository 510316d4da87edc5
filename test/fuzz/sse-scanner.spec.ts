import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseScanner } from '../../src/domain/sse-scanner.js';
import { fuzzMsMax, fuzzRuns } from '../support/campaign.js';
import { corpus, mutated } from './mutations.js';
import { slowEvents } from './slow-references.js';

const tokens = ['\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', ':', ': ', ' ', 'data', 'data:', 'data: x', 'event', 'event: a', 'id: 1', '\u00ef\u00bb\u00bf', '\u0000', '\u00ff', '[DONE]'];
const streams = mutated(corpus('event-streams'), tokens);

interface Scan {
  readonly events: readonly (readonly [name: string, data: string])[];
  readonly atLineStart: boolean;
}

const scan = (chunks: readonly Buffer[]): Scan => {
  const events: [string, string][] = [];
  const scanner = new SseScanner((name, data) => events.push([name, data.toString('latin1')]));
  for (const chunk of chunks) scanner.push(chunk);
  const { atLineStart } = scanner;
  scanner.end();
  return { events, atLineStart };
};

const cutAt = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('an event stream, however broken,', () => {
  it.each(corpus('event-streams').map((bytes) => [bytes.toString('latin1'), bytes] as const))('such as %j holds the events of the slow reference in every chunking', (_text, bytes) => {
    const events = slowEvents(bytes);
    expect(scan([bytes]).events).toEqual(events);
    expect(scan(cutAt(bytes, [...bytes.keys()])).events).toEqual(events);
    for (let first = 0; first <= bytes.length; first++) expect(scan(cutAt(bytes, [first])).events).toEqual(events);
  });

  it(
    'holds the events of the slow reference in any chunking, and is at the start of a line when it says so',
    () => {
      fc.assert(
        fc.property(streams, fc.array(fc.nat(2_000), { maxLength: 12 }), (bytes, cuts) => {
          const { events, atLineStart } = scan(cutAt(bytes, cuts));
          expect(events).toEqual(slowEvents(bytes));
          const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
          // Part of a byte order mark could still become one.
          if (text.length > 2) expect(atLineStart).toBe(text.endsWith('\n'));
        }),
        { numRuns: fuzzRuns(5_000) },
      );
    },
    fuzzMsMax,
  );
});
