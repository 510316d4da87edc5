/** The text of a file, or why it has none. */
export type FileText = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'problem'; readonly sentence: string };

const problem = (sentence: string): FileText => ({ kind: 'problem', sentence });
const unknownEncoding = problem('the file is neither UTF-8, nor UTF-16, nor GBK; save it as "CSV UTF-8"');

/** Bytes in which zeros are counted: enough to meet the header. */
const sampleBytes = 512;

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);

/** Every second byte of Latin letters in UTF-16 is zero; no other text has zeros. */
const utf16Of = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > 0 && even === 0) return 'utf-16le';
  return even > 0 && odd === 0 ? 'utf-16be' : undefined;
};

const encodingOf = (bytes: Uint8Array): string | undefined => {
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  return bytes.subarray(0, sampleBytes).includes(0) ? utf16Of(bytes) : 'utf-8';
};

/** `undefined` when the bytes are not of this encoding, or when this Node does not know it. */
const decoded = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Reads UTF-8, UTF-16 (with or without a byte order mark) and GBK, which Excel writes where Chinese is spoken. */
export const fileText = (bytes: Uint8Array): FileText => {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return problem('the file is an Excel workbook; save it as "CSV UTF-8" and import that');
  const encoding = encodingOf(bytes);
  if (encoding === undefined) return unknownEncoding;
  // Bytes that are not UTF-8 are rarely anything else than GBK here; gb18030 contains it.
  const text = decoded(bytes, encoding) ?? (encoding === 'utf-8' ? decoded(bytes, 'gb18030') : undefined);
  return text === undefined ? unknownEncoding : { kind: 'text', text: text.replace(/^\uFEFF/, '') };
};
