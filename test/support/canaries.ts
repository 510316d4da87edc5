import { randomBytes } from 'node:crypto';

/** A secret that nobody could have made up: wherever its core turns up, it got there from where we put it. */
export interface Canary {
  readonly name: string;
  /** Lower-case letters only, so that no rule about what looks like a key can hide it. */
  readonly core: string;
}

const coreChars = 24;

/** A new canary; its core is random, `name` is for the report of a failed test. */
export const newCanary = (name: string): Canary => ({
  name,
  core: [...randomBytes(coreChars)].map((byte) => String.fromCharCode(97 + (byte % 26))).join(''),
});

/** A secret that somebody else made up, such as the id of a session. */
export const canaryOf = (name: string, core: string): Canary => ({ name, core });

type Haystack = 'as it is' | 'lower-case';
type Form = readonly [form: string, haystack: Haystack, needle: string];

/** Base64 of a text that stands at this offset, without the characters that depend on its neighbours. */
const base64At = (core: string, offset: number): string => {
  const encoded = Buffer.from(`${'.'.repeat(offset)}${core}`).toString('base64').replaceAll('=', '');
  return encoded.slice(offset === 0 ? 0 : offset + 1, -2);
};

const halvesOf = (core: string): readonly [first: string, second: string] => [core.slice(0, core.length / 2), core.slice(core.length / 2)];

/** The canary with what JSON, forms, pages and URLs write in another way between its halves. */
export const awkwardText = ({ core }: Canary): string => halvesOf(core).join('/+"');

/**
 * How a secret may be written. Letters are the same plain, in a URL and in JSON; halves betray what was cut, or stands on both
 * sides of what is written in another way; and letters make no `+` or `/`, so base64 and base64url are one.
 */
const formsOf = ({ core }: Canary): readonly Form[] =>
  halvesOf(core).flatMap((half, place): readonly Form[] => [
    [place === 0 ? 'first half' : 'second half', 'lower-case', half.toLowerCase()],
    ['backwards', 'lower-case', half.split('').reverse().join('').toLowerCase()],
    ['hex', 'lower-case', Buffer.from(half).toString('hex')],
    ['UTF-16', 'lower-case', Buffer.from(half.toLowerCase(), 'utf16le').toString('latin1')],
    ...[0, 1, 2].map((offset): Form => ['base64', 'as it is', base64At(half, offset)]),
  ]);

/** Which of the canaries stand in `text`, in whatever form: `name (form)`. Buffers are searched byte by byte. */
export const tracesIn = (text: string | Buffer, canaries: readonly Canary[]): readonly string[] => {
  const plain = typeof text === 'string' ? text : text.toString('latin1');
  const haystacks: Readonly<Record<Haystack, string>> = { 'as it is': plain, 'lower-case': plain.toLowerCase() };
  const found = canaries.flatMap((canary) =>
    formsOf(canary).flatMap(([form, haystack, needle]) => (haystacks[haystack].includes(needle) ? [`${canary.name} (${form})`] : [])),
  );
  return [...new Set(found)];
};
