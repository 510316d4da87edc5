const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
/** The three bytes of a UTF-8 byte order mark, in whatever chunks they come. */
const isMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

/** Index of the first byte that is neither white space nor part of a byte order mark; -1 when there is none. */
export const firstByteAt = (bytes: Buffer): number => {
  let at = 0;
  for (const byte of bytes) {
    if (!isBlank(byte) && !isMark(byte)) return at;
    at++;
  }
  return -1;
};

export const openAngle = 0x3c;
