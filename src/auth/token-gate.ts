import { timingSafeEqual } from 'node:crypto';
import type { AccessGate } from '../domain/ports.js';

/** What the log says of a caller while no token is configured. */
export const openGateLabel = 'open';

interface KnownToken {
  readonly label: string;
  readonly chars: number;
  /** The token, filled up with zeros to the width that all are compared at. */
  readonly bytes: Buffer;
}

/**
 * Lets in whoever shows one of the configured tokens, or everybody when there are none. Every token is compared every
 * time, all at the same width, so the time it takes does not tell which one was close, nor how long they are.
 *
 * Compared as they are rather than by their digests: 0.2 µs instead of 1.3 (one token, Node 20), and this runs for every
 * request.
 */
export class TokenGate implements AccessGate {
  private readonly known: readonly KnownToken[];
  /** What is shown is laid here; one call at a time uses it. */
  private readonly shown: Buffer;

  constructor(tokens: readonly string[]) {
    const width = 1 + Math.max(0, ...tokens.map((token) => Buffer.byteLength(token)));
    this.shown = Buffer.alloc(width);
    this.known = tokens.map((token, index) => {
      const bytes = Buffer.alloc(width);
      bytes.write(token);
      return { label: `token-${index + 1}`, chars: token.length, bytes };
    });
  }

  /** True when anybody may call. */
  get isOpen(): boolean {
    return this.known.length === 0;
  }

  /** `token-1`, `token-2`, … by position in the configuration; `open` while there are no tokens; `undefined`: not let in. */
  admit(token: string | undefined): string | undefined {
    if (this.isOpen) return openGateLabel;
    if (token === undefined) return undefined;
    this.shown.fill(0).write(token);
    let label: string | undefined;
    for (const known of this.known) {
      // The bytes first: what is longer than the width was cut and differs in length only.
      if (timingSafeEqual(known.bytes, this.shown) && known.chars === token.length) label ??= known.label;
    }
    return label;
  }
}
