import { readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';

/** The inputs of a corpus file, as bytes. */
export const corpus = (name: string): readonly Buffer[] => {
  const texts: unknown = JSON.parse(readFileSync(new URL(`../corpus/${name}.json`, import.meta.url), 'utf8'));
  if (!Array.isArray(texts)) throw new Error(`${name} must be a list of texts`);
  return texts.map((text) => Buffer.from(String(text), 'latin1'));
};

type Change = (bytes: Buffer) => Buffer;

const spliced = (bytes: Buffer, position: number, removed: number, inserted: Buffer): Buffer => {
  const at = position % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
};

/** Inputs made from a corpus: pieces of `tokens` put in, bytes taken out or changed, parts repeated, inputs joined. */
export const mutated = (inputs: readonly Buffer[], tokens: readonly string[]): Arbitrary<Buffer> => {
  const position = fc.nat(4_000);
  const token = fc.constantFrom(...tokens).map((text) => Buffer.from(text, 'latin1'));
  const input = fc.constantFrom(...inputs);
  const change: Arbitrary<Change> = fc.oneof(
    fc.tuple(position, token).map(([at, text]) => (bytes: Buffer) => spliced(bytes, at, 0, text)),
    fc.tuple(position, fc.nat(6)).map(([at, removed]) => (bytes: Buffer) => spliced(bytes, at, removed, Buffer.alloc(0))),
    fc.tuple(position, fc.uint8Array({ maxLength: 3 })).map(([at, some]) => (bytes: Buffer) => spliced(bytes, at, some.length, Buffer.from(some))),
    fc.tuple(position, fc.nat(30)).map(([at, length]) => (bytes: Buffer) => {
      const from = at % (bytes.length + 1);
      return spliced(bytes, at, 0, bytes.subarray(from, from + length));
    }),
    fc.tuple(position, input).map(([at, other]) => (bytes: Buffer) => spliced(bytes, at, 0, other)),
  );
  return fc.tuple(input, fc.array(change, { maxLength: 6 })).map(([first, changes]) => changes.reduce((bytes, next) => next(bytes), first));
};
