import type { AccessGate } from '../domain/ports.js';
import { digestOf, isSameSecret } from '../http/same-secret.js';

/** What the log says of a caller while no token is configured. */
export const openGateLabel = 'open';

/**
 * Lets in whoever shows one of the configured tokens, or everybody when there are none. Every token is compared every
 * time, so the time it takes does not tell which one was close.
 */
export class TokenGate implements AccessGate {
  private readonly digests: readonly Buffer[];

  constructor(tokens: readonly string[]) {
    this.digests = tokens.map(digestOf);
  }

  /** True when anybody may call. */
  get isOpen(): boolean {
    return this.digests.length === 0;
  }

  /** `token-1`, `token-2`, … by position in the configuration; `open` while there are no tokens; `undefined`: not let in. */
  admit(token: string | undefined): string | undefined {
    if (this.isOpen) return openGateLabel;
    if (token === undefined) return undefined;
    const shown = digestOf(token);
    const positions = this.digests.flatMap((digest, index) => (isSameSecret(digest, shown) ? [index + 1] : []));
    return positions[0] === undefined ? undefined : `token-${positions[0]}`;
  }
}
