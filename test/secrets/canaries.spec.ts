import { describe, expect, it } from '@jest/globals';
import { awkwardText, newCanary, tracesIn } from '../support/canaries.js';

/* The search of the other tests here finds nothing; this shows that it would. */

const canary = newCanary('key');
const { core } = canary;

describe('a canary is found', () => {
  it.each([
    ['plain', `key=${core};`],
    ['in other letters', core.toUpperCase()],
    ['in a URL', encodeURIComponent(`"${core}"`)],
    ['in JSON', JSON.stringify({ message: `said "sk-${core}"` })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(`"${core}"`))],
    ['in hex', Buffer.from(`x${core}`).toString('hex')],
    ['in base64', Buffer.from(core).toString('base64')],
    ['in base64, one byte in', Buffer.from(`x${core}y`).toString('base64')],
    ['in base64url, two bytes in', Buffer.from(`xx${core}yyy`).toString('base64url')],
    ['in base64, behind a scheme', Buffer.from(`user:sk-${core}`).toString('base64')],
    ['in base64, with other characters in its middle', Buffer.from(`user:${awkwardText(canary)}`).toString('base64')],
    ['in hex, with other characters in its middle', Buffer.from(awkwardText(canary)).toString('hex')],
    ['in JSON, with other characters in its middle', JSON.stringify(awkwardText(canary)).replaceAll('/', '\\/')],
    ['cut behind its first half', `sk-${core.slice(0, 12)}…`],
    ['cut before its second half', `…${core.slice(12)}`],
  ])('%s', (_how, text) => {
    expect(tracesIn(`before ${text} behind`, [canary])).not.toEqual([]);
    expect(tracesIn(Buffer.from(`\u0000${text}\u00ff`), [canary])).not.toEqual([]);
  });

  it('between two-byte characters', () => {
    expect(tracesIn(Buffer.from(`x${core}`, 'utf16le'), [canary])).toEqual(['key (UTF-16)']);
  });

  it('by name among others', () => {
    expect(tracesIn(core, [newCanary('token'), canary])).toEqual(['key (first half)', 'key (second half)']);
  });
});

describe('a canary is not found', () => {
  it('where only its mask stands, or another canary', () => {
    expect(tracesIn(`sk-ant-${core.slice(0, 4)}****${core.slice(-4)} ${newCanary('key').core}`, [canary])).toEqual([]);
  });
});
