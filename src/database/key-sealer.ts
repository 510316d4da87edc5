import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from 'node:crypto';

/** Turns keys into what the table holds, and back. */
export interface KeySealer {
  seal(key: string): string;
  /** Throws for an envelope of another secret or one that was changed. */
  open(stored: string): string;
}

/** Without a secret the table holds the keys themselves. */
export const plainKeys: KeySealer = { seal: (key) => key, open: (stored) => stored };

const secretBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** Bound into every envelope, so that one made for something else opens nothing here. */
const purpose = Buffer.from('ccLoad channel key 1');

/** No key contains a space, so no key looks like an envelope. */
const envelope = /^sealed ([0-9a-f]{16}) ([A-Za-z0-9_-]+)$/;

/** The id of the secret that sealed this; `undefined` for a key that lies open. */
export const sealedBy = (stored: string): string | undefined => envelope.exec(stored)?.[1];

/** Memory and time of one derivation: 32 MiB and about 0.1 s, once per start. */
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const exactBytes = (secret: string): Buffer | undefined => {
  if (/^[0-9a-f]{64}$/i.test(secret)) return Buffer.from(secret, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(secret)) return undefined;
  const bytes = Buffer.from(secret, 'base64');
  return bytes.length === secretBytes ? bytes : undefined;
};

/**
 * AES-256-GCM with a secret of the operator's: 32 bytes as hex or base64, or any passphrase, which is stretched with the
 * salt. The same secret with the same salt has the same id, and the id gives nothing of it away.
 */
export class SecretSealer implements KeySealer {
  readonly id: string;
  private readonly secret: Buffer;

  constructor(secret: string, salt: Buffer) {
    this.secret = exactBytes(secret) ?? scryptSync(secret.normalize('NFKC'), salt, secretBytes, scryptCost);
    this.id = createHmac('sha256', this.secret).update('ccLoad key id').digest('hex').slice(0, 16);
  }

  seal(key: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.secret, nonce).setAAD(purpose);
    const sealed = Buffer.concat([nonce, cipher.update(key, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `sealed ${this.id} ${sealed.toString('base64url')}`;
  }

  open(stored: string): string {
    const [, id, text = ''] = envelope.exec(stored) ?? [];
    const sealed = Buffer.from(text, 'base64url');
    if (id !== this.id || sealed.length < nonceBytes + tagBytes) throw new Error('a channel key was sealed with another secret');
    const cipher = createDecipheriv('aes-256-gcm', this.secret, sealed.subarray(0, nonceBytes)).setAAD(purpose);
    cipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes, -tagBytes)), cipher.final()]).toString('utf8');
  }
}
