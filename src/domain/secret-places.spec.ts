import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fuzzMsMax, fuzzRuns } from '../../test/support/campaign.js';
import { secretPlaces } from './secret-places.js';

const secret = 'sk-ab/cd+"0123456789XYZ';
const json = JSON.stringify(secret).slice(1, -1);
const units = (text: string, written: (code: string) => string): string =>
  text.split('').map((char) => written(char.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** How careless programs write a text. */
const ways: readonly (readonly [way: string, write: (text: string) => string])[] = [
  ['plain', (text) => text],
  ['in JSON', (text) => JSON.stringify({ key: text })],
  ['in JSON that escapes slashes', (text) => JSON.stringify(text).replaceAll('/', '\\/')],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text).replaceAll('/', '\\/'))],
  ['in JSON letter by letter', (text) => units(text, (code) => `\\u00${code}`)],
  ['in JSON letter by letter, in capitals', (text) => units(text, (code) => `\\u00${code.toUpperCase()}`)],
  ['as a literal of a program', (text) => units(text, (code) => `\\x${code}`)],
  ['in a URL', encodeURIComponent],
  ['in a URL in a URL', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['in a URL letter by letter', (text) => units(text, (code) => `%${code}`)],
  ['in a page', (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('/', '&#x2F;').replaceAll('+', '&#43;')],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in hex, in capitals', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['in base64', base64],
  ['in base64 behind a scheme', (text) => base64(`Bearer ${text}`)],
  ['in base64 behind a name', (text) => base64(`user:${text}`)],
  ['in base64 inside other words', (text) => base64(`a ${text} b`)],
  ['in base64 for URLs', (text) => Buffer.from(`x${text}`).toString('base64url')],
  ['in base64 in a URL', (text) => encodeURIComponent(base64(text))],
  ['in base64 in JSON that escapes slashes', (text) => JSON.stringify(base64(text)).replaceAll('/', '\\/')],
];

describe('a secret is found', () => {
  it.each(ways)('%s', (_way, write) => {
    expect(secretPlaces(`before ${write(secret)} behind`, secret)).toHaveLength(1);
  });

  it.each([
    ['without its last character', secret, secret.slice(0, -1)],
    ['without its first', secret, secret.slice(1)],
    ['sixteen characters of its middle', secret, secret.slice(3, 19)],
    ['twelve of thirteen', 'abcdefghijklm', 'abcdefghijkl'],
    ['a short one, whole', 'xyz', 'xyz'],
  ])('in part: %s', (_part, of, piece) => {
    expect(secretPlaces(`before ${piece} behind`, of)).toHaveLength(1);
  });

  it('where it stands, and as often', () => {
    const text = `${secret}${secret} and ${json}`;
    const [one, two, three] = secretPlaces(text, secret).map(({ start, end }) => text.slice(start, end));
    expect([one, two, three]).toEqual([secret, secret, json]);
  });

  /** What a key may hold: visible characters of ASCII. */
  const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const keys = fc.string({ unit: visible, minLength: 13, maxLength: 200 });
  const around = fc.string({ unit: fc.constantFrom('a', '0', ' ', '"', ':', '{', '\n'), maxLength: 40 });
  const way = fc.constantFrom(...ways.map(([, write]) => write));

  it('in every form, whichever it is, whole or all but a character', () => {
    fc.assert(
      fc.property(keys, way, around, around, fc.constantFrom(0, -1), (key, write, before, behind, cut) => {
        const told = cut === 0 ? key : key.slice(0, cut);
        return secretPlaces(`${before}${write(told)} ${behind}`, key).length > 0;
      }),
      { numRuns: fuzzRuns(2_000) },
    );
  }, fuzzMsMax);
});

describe('nothing is found', () => {
  it.each([
    ['of another secret that begins alike', secret, 'key sk-ab/cd+"01234 is wrong'],
    ['in what is shown of it', secret, 'key sk-ab/c****9XYZ is wrong'],
    ['of a short secret without its last character', 'abcdefghijkl', 'abcdefghijk'],
    ['of a secret that is a common word', 'ollama', '{"error":"model not found"}'],
    ['in an empty text', secret, ''],
    ['of no secret', '', 'text'],
  ])('%s', (_what, of, text) => {
    expect(secretPlaces(text, of)).toEqual([]);
  });
});

describe('the search', () => {
  it('does not take minutes over a text that was made to be slow', () => {
    const key = 'k'.repeat(200);
    const word = Buffer.from(`${key} `.repeat(1_000)).toString('base64');
    const start = performance.now();
    for (const text of [word, key.repeat(1_000), '\\u006b'.repeat(40_000), '%25'.repeat(80_000), '\\\\'.repeat(100_000)]) secretPlaces(text, key);
    // A tenth of a second each on a quiet machine.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
