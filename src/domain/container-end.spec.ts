import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endByBytes, endOfContainer } from './container-end.js';
import { endByBlocks, firstWindowBytes, windowBytesMax } from './container-scan.js';
import { undecided } from './json-bytes.js';
import { JsonMembers } from './json-members.js';
import { readRequestFacts } from './request-facts.js';

/*
 * Two ways to the end of a container must agree on every input: byte by byte, which is easy to believe, and in blocks. The
 * blocks may only ever decline, and only where a backslash stands outside strings.
 */

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

const hasBackslashOutsideStrings = (text: string): boolean =>
  text.replaceAll(/"(?:[^"\\]|\\[^])*(?:"|$|\\$)/g, '').includes('\\');

const expectAgreement = (text: string): void => {
  const bytes = bytesOf(text);
  const expected = endByBytes(bytes, 0, 0);
  const byBlocks = endByBlocks(bytes, 0, 0);
  if (byBlocks !== expected) expect([byBlocks, hasBackslashOutsideStrings(text)]).toEqual([undecided, true]);
  if (endOfContainer(bytes, 0) !== expected) expect([endOfContainer(bytes, 0), text]).toEqual([expected, text]);
};

/** Where the first window ends, and the second. */
const borders = [firstWindowBytes, firstWindowBytes + windowBytesMax];

/** Places a byte can have in relation to a block of 64 bytes and to the lanes of 16 in it. */
const offsets = Array.from({ length: 70 }, (_, offset) => offset);

describe('the end of a container, found in blocks', () => {
  it.each([
    ['[]', 2],
    ['{}x', 2],
    ['[[],{"a":"]"}] ]', 14],
    [`[${' '.repeat(61)}]`, 63],
    [`[${' '.repeat(62)}]`, 64],
    [`[${' '.repeat(63)}]`, 65],
    ['[}', 2],
    ['[YyZz_\u007f\u009b]', 9],
    ['[', -1],
    ['["]', -1],
    ['["\\"]', -1],
    ['[\\"]', undecided],
  ])('of %j is %d', (text, end) => {
    expect(endByBlocks(bytesOf(text), 0, 0)).toBe(end);
  });

  it('may begin inside brackets that were opened before', () => {
    expect(endByBlocks(bytesOf('1]]]'), 0, 3)).toBe(4);
    expect(endByBlocks(bytesOf('1]]'), 0, 3)).toBe(-1);
  });

  it('agrees behind a run of backslashes of any length at any place in a block', () => {
    for (const run of [...offsets, 127, 128, 129]) {
      for (const offset of offsets) expectAgreement(`["${'x'.repeat(offset)}${'\\'.repeat(run)}"]",[]]`);
    }
  });

  it.each([1, 2, 3, 4, 63, 64, 65, 66])('agrees behind %d backslashes at the border of two windows', (run) => {
    for (const border of borders) {
      for (const offset of offsets) expectAgreement(`["",${' '.repeat(border - 90)}"${'x'.repeat(85 - offset)}${'\\'.repeat(run)}"]","\\"",[]]`);
    }
  });

  it('agrees where a window ends in a string with more escaped quotes than are looked past', () => {
    for (const border of borders) {
      for (const offset of offsets) expectAgreement(`["",${' '.repeat(border - 90)}"${'x'.repeat(85 - offset)}${'\\"'.repeat(40)}]","\\\\",[]]`);
    }
  });

  it('agrees on a document that was cut anywhere, in the first window and across its border', () => {
    const text = '[{"a":"b\\"c\\\\","d":[1,2,{"e":"]}"}],"f":"\\\\\\"","g":"é"},["\\u0022"],{"h":{}}]';
    for (const before of ['', ...borders.map((border) => ' '.repeat(border - 40)), `"${'x'.repeat(firstWindowBytes - 40)}",`]) {
      for (let end = 0; end <= text.length; end++) expectAgreement(`[${before}${text.slice(0, end)}`);
      expectAgreement(`[${before}${text}]`);
    }
  });

  it('is found in JSON behind strings of every kind, as JSON.parse finds it', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a', 'é', '😀', '\n', '\u0000'), maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.jsonValue()), { maxLength: 40 }), (list) => {
        const json = JSON.stringify([list, list, { list }, 'x'.repeat(300), list]);
        const bytes = Buffer.from(`${json}]}"\\`);
        expect([endByBlocks(bytes.subarray(0, -1), 0, 0), endOfContainer(bytes, 0)]).toEqual([Buffer.byteLength(json), Buffer.byteLength(json)]);
      }),
      { numRuns: 500 },
    );
  });

  const piece = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom('"', '"', '\\', '\\"', '\\\\', '[', ']', '{', '}', ',', ':', 'Y', '_', '\u007f', '\u00ff', ' ', 'word') },
    { weight: 10, arbitrary: fc.nat(130).map((length) => 'x'.repeat(length)) },
    { weight: 1, arbitrary: fc.integer({ min: windowBytesMax - 70, max: windowBytesMax + 70 }).map((length) => ' '.repeat(length)) },
  );
  const inString = fc.constantFrom('"', '\\"', '\\\\', 'x'.repeat(31)).map((text) => `"${text.replace(/^"$/, '')}]"`);

  it('agrees on garbage of any kind', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60, size: 'max' }), (pieces) => expectAgreement(`[[${pieces.join('')}`)),
      { numRuns: 600 },
    );
  });

  it('never declines where backslashes stand in strings only', () => {
    const strings = fc.array(fc.oneof(inString, fc.constantFrom(',', '[', ']', ' ')), { minLength: 1, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(strings, (pieces) => {
        const bytes = bytesOf(`[${pieces.join('')}`);
        expect(endByBlocks(bytes, 0, 0)).toBe(endByBytes(bytes, 0, 0));
      }),
      { numRuns: 500 },
    );
  });

  it('agrees on bytes that are no text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000, size: 'max' }), (noise) => expectAgreement(`[${Buffer.from(noise).toString('latin1')}`)), {
      numRuns: 500,
    });
  });

  it('keeps nothing from a call that was cut in a string, in depth, behind a backslash', () => {
    expect(endByBlocks(bytesOf('[[[["\\'), 0, 0)).toBe(-1);
    expect(endByBlocks(bytesOf('["]"]'), 0, 0)).toBe(5);
  });
});

describe('a large body', () => {
  /** More than one window, and more escaped quotes than are walked over one by one. */
  const large = JSON.stringify(Array.from({ length: 3000 }, (_, index) => ({ text: `"${index}" \\`, list: [{}] })));

  it('is read wherever its large values stand', () => {
    for (const body of [`{"model":"m","a":${large}}`, `{"a":${large},"model":"m","b":${large}}`]) {
      expect(readRequestFacts(Buffer.from(body))).toMatchObject({ kind: 'facts', model: 'm' });
    }
  });

  it('is refused at the byte where its large value is closed by the wrong bracket', () => {
    const body = `{"a":${large.slice(0, -1)}},"model":"m"}`;
    const at = body.length - ',"model":"m"}'.length - 1;
    const message = `The body must be a JSON object: expected the other closing bracket at byte ${at}, got a closing bracket.`;
    expect(readRequestFacts(Buffer.from(body))).toEqual({ kind: 'problem', message });
  });

  it('is refused as cut when it ends within its large value', () => {
    for (const cut of [1, 2, 30, 50_000]) {
      const body = Buffer.from(`{"model":"m","a":${large}`.slice(0, -cut));
      const message = `The body must be a complete JSON object, but it ends at byte ${body.length} before the object is closed.`;
      expect(readRequestFacts(body)).toEqual({ kind: 'problem', message });
    }
  });

  it('with a backslash outside strings is judged as it was byte by byte', () => {
    const body = `{"a":[${large},\\"],"],"model":"m"}`;
    expect(readRequestFacts(Buffer.from(body))).toMatchObject({ kind: 'facts', model: 'm' });
  });

  it('may be nested a hundred thousand deep around a string', () => {
    const depth = 100_000;
    const deep = `${'[{"a":'.repeat(depth)}"]"${'}]'.repeat(depth)}`;
    expect(readRequestFacts(Buffer.from(`{"a":${deep},"model":"m"}`))).toMatchObject({ kind: 'facts', model: 'm' });
    expect(readRequestFacts(Buffer.from(`{"a":${deep.slice(0, -1)},"model":"m"}`)).kind).toBe('problem');
  });

  it('may have a million members', () => {
    const members = new JsonMembers(Buffer.from(`{${'"a":[{"b":"\\""}],'.repeat(1_000_000)}"model":"m"}`));
    let count = 0;
    while (members.next()) count++;
    expect([members.state, count]).toEqual(['closed', 1_000_001]);
  });
});
