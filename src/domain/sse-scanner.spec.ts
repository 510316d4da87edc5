import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseScanner, sseOversizedHeadBytesMax, type SseScannerOptions } from './sse-scanner.js';

type Event = readonly [name: string, data: string];

interface Scan {
  readonly events: readonly Event[];
  readonly oversized: readonly Event[];
  readonly counted: number;
}

const scan = (chunks: readonly Buffer[], options: SseScannerOptions = {}): Scan => {
  const events: Event[] = [];
  const oversized: Event[] = [];
  const scanner = new SseScanner((name, data) => events.push([name, data.toString()]), {
    ...options,
    onOversized: (name, head) => oversized.push([name, head.toString()]),
  });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return { events, oversized, counted: scanner.events };
};

const eventsOf = (text: string): readonly Event[] => scan([Buffer.from(text)]).events;
const bytewise = (bytes: Buffer): readonly Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe('an event stream', () => {
  it.each<[string, string, readonly Event[]]>([
    ['an event with a name', 'event: a\ndata: 1\n\n', [['a', '1']]],
    ['an event without a name', 'data: 1\n\n', [['', '1']]],
    ['values without the optional space, and only one space taken off', 'event:a\ndata:  1\n\n', [['a', ' 1']]],
    ['data of several lines', 'data: 1\ndata\ndata: 2\n\n', [['', '1\n\n2']]],
    ['empty data', 'data\n\ndata:\n\ndata: \n\n', [['', ''], ['', ''], ['', '']]],
    ['the last of several names', 'event: a\nevent: b\ndata: 1\n\n', [['b', '1']]],
    ['a name that is good for one event only', 'event: a\ndata: 1\n\ndata: 2\n\n', [['a', '1'], ['', '2']]],
    ['fields in any order', 'data: 1\nid: 7\nevent: a\nretry: 5\n\n', [['a', '1']]],
    ['line ends CRLF', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n', [['a', '1'], ['', '2']]],
    ['line ends CR', 'event: a\rdata: 1\r\rdata: 2\r\r', [['a', '1'], ['', '2']]],
    ['line ends mixed', 'data: 1\r\n\ndata: 2\n\rdata: 3\r\r\n', [['', '1'], ['', '2'], ['', '3']]],
    ['a byte order mark', '\ufeffdata: 1\n\n', [['', '1']]],
    ['a byte order mark before a blank line', '\ufeff\ndata: 1\n\n', [['', '1']]],
    ['comments, ignored', ': hello\n:\n\ndata: 1\n: between\ndata: 2\n\n', [['', '1\n2']]],
    ['unknown and look-alike fields, ignored', 'dat: 1\ndatas: 1\nDATA: 1\n data: 1\nevents: a\ndata: 2\n\n', [['', '2']]],
    ['a second byte order mark, part of a field name', '\ufeff\ufeffdata: 1\ndata: 2\n\n', [['', '2']]],
    ['a name without data, which is no event', 'event: a\n\ndata: 1\n\n', [['', '1']]],
    ['an event whose last blank line is missing', 'data: 1\n\ndata: 2\n', [['', '1'], ['', '2']]],
    ['an event whose last line break is missing', 'data: 1\n\ndata: [DONE]', [['', '1'], ['', '[DONE]']]],
    ['nothing but comments', ': a\n\n: b\n\n', []],
    ['nothing', '', []],
  ])('may hold %s', (_what, text, events) => {
    const bytes = Buffer.from(text);
    expect(scan([bytes])).toEqual({ events, oversized: [], counted: events.length });
    expect(scan(bytewise(bytes)).events).toEqual(events);
    for (let cut = 0; cut <= bytes.length; cut++) expect(scan([bytes.subarray(0, cut), bytes.subarray(cut)]).events).toEqual(events);
  });

  it('means the same in any chunking', () => {
    const piece = fc.constantFrom('data', 'event', 'id', ':', ': ', ' ', '\n', '\n\n', '\r', '\r\n', '\r\n\r\n', 'x', '{"a":1}', 'é世😀', '\ufeff');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(200), { maxLength: 12 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(''));
        const sorted = [...cuts].sort((a, b) => a - b);
        const chunks = [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
        // So small a bound that many events are too long for it.
        for (const options of [{}, { eventBytesMax: 12 }]) expect(scan(chunks, options)).toEqual(scan([bytes], options));
      }),
      { numRuns: 2000 },
    );
  });

  it('hands out an event that lies in one chunk without copying it', () => {
    const chunk = Buffer.from('event: a\ndata: 12345\n\n');
    let seen: Buffer | undefined;
    new SseScanner((_name, data) => (seen = data)).push(chunk);
    expect(seen?.buffer).toBe(chunk.buffer);
    expect(seen?.byteOffset).toBe(chunk.byteOffset + 'event: a\ndata: '.length);
  });
});

describe('an event that is too long', () => {
  const long = (bytes: number): string => 'x'.repeat(bytes);

  it('is passed over and counted, and the stream goes on', () => {
    const text = `event: big\ndata: ${long(100)}\n\nevent: small\ndata: 1\n\n`;
    const bytes = Buffer.from(text);
    const expected = { events: [['small', '1']], oversized: [['big', long(64 - 'data: '.length)]], counted: 2 };
    expect(scan([bytes], { eventBytesMax: 64 })).toEqual(expected);
    expect(scan([bytes.subarray(0, 30), bytes.subarray(30)], { eventBytesMax: 64 })).toEqual(expected);
  });

  it('shows no more than the beginning of its data', () => {
    const text = `event: big\ndata: ${long(3_000_000)}\n\ndata: 1\n\n`;
    expect(scan([Buffer.from(text)])).toEqual({ events: [['', '1']], oversized: [['big', long(sseOversizedHeadBytesMax)]], counted: 2 });
  });

  it('is recognised by all its lines together', () => {
    const text = `data: ${long(30)}\ndata: ${long(30)}\ndata: ${long(30)}\n\n`;
    expect(scan([Buffer.from(text)], { eventBytesMax: 64 })).toMatchObject({ events: [], oversized: [['', long(30)]] });
  });

  it('is also one of countless empty lines', () => {
    expect(scan([Buffer.from(`${'data\n'.repeat(10_000)}\ndata: 1\n\n`)])).toMatchObject({ events: [['', '1']], oversized: [['', '']] });
  });

  it('is not one that endless comments stand before', () => {
    const text = `${`: ${long(50)}\n`.repeat(10)}: ${long(200)}\ndata: 1\n\n`;
    expect(scan(bytewise(Buffer.from(text)), { eventBytesMax: 64 }).events).toEqual([['', '1']]);
  });

  it('is not one that trickles in byte by byte', () => {
    const text = `data: ${long(5_000)}\n\n`;
    expect(scan(bytewise(Buffer.from(text))).events).toEqual([['', long(5_000)]]);
  });
});

describe('the start of a line', () => {
  const after = (...chunks: readonly string[]): boolean => {
    const scanner = new SseScanner(() => undefined);
    for (const chunk of chunks) scanner.push(Buffer.from(chunk));
    return scanner.atLineStart;
  };

  it.each([
    [[], true],
    [['data: 1\n'], true],
    [['data: 1\n\n'], true],
    [['data: 1\r\n'], true],
    [['data: 1'], false],
    [[': comment'], false],
    [['data: 1\n', 'd'], false],
    [['data: 1\r'], false],
    [['data: 1\r', '\n'], true],
    [['data: 1\r', 'data: 2\n'], true],
  ])('after %j: %s', (chunks, expected) => {
    expect(after(...chunks)).toBe(expected);
  });
});

describe('a name', () => {
  it('is read right although names that were seen are remembered', () => {
    const names = Array.from({ length: 500 }, (_, index) => `response.event_${index % 250}.${'x'.repeat(index % 70)}`);
    expect(eventsOf(names.map((name) => `event: ${name}\ndata: 1\n\n`).join('')).map(([name]) => name)).toEqual(names);
  });
});
