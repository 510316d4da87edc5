import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guardedCell, unguardedCell } from './formula.js';

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ["'=1", "''=1"],
    ["'''@x", "''''@x"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ])('%j cannot run as %j', (text, cell) => {
    expect(guardedCell(text)).toBe(cell);
    expect(unguardedCell(cell)).toBe(text);
  });

  it.each(['', 'a=1', "'", "''", "'quoted'", '1-1', '{"a":1}', '＝1'])('%j stays as it is', (text) => {
    expect(guardedCell(text)).toBe(text);
    expect(unguardedCell(text)).toBe(text);
  });

  it('of many million quotes is text like any other', () => {
    const quotes = "'".repeat(20_000_000);
    expect(guardedCell(quotes) === quotes && unguardedCell(quotes) === quotes).toBe(true);
    expect(guardedCell(`${quotes}=`) === `${quotes}'=` && unguardedCell(`${quotes}'=`) === `${quotes}=`).toBe(true);
  });

  it('comes back as it was, whatever it is', () => {
    const cell = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '"', ',') });
    fc.assert(fc.property(cell, (text) => unguardedCell(guardedCell(text)) === text));
    fc.assert(fc.property(cell, (text) => !/^[=+\-@\t\r]/.test(guardedCell(text))));
  });
});
