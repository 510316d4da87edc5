import { describe, expect, it } from '@jest/globals';
import { plainKeys, sealedBy, SecretSealer } from './key-sealer.js';

const salt = Buffer.alloc(16, 1);
const hex = '0123456789abcdef'.repeat(4);
const sealer = new SecretSealer(hex, salt);
const key = 'sk-ant-0123456789-abcd';

describe('a sealed key', () => {
  it('is opened by the secret that sealed it', () => {
    for (const text of [key, '', 'schlüssel 密钥', 'k'.repeat(4096)]) expect(sealer.open(sealer.seal(text))).toBe(text);
  });

  it('names its secret, shows nothing of the key and is another each time', () => {
    const [first, second] = [sealer.seal(key), sealer.seal(key)];
    expect(sealedBy(first)).toBe(sealer.id);
    expect(first).not.toContain('sk-ant');
    expect(first).not.toBe(second);
  });

  it.each([
    ['another secret', new SecretSealer('f'.repeat(64), salt)],
    ['a passphrase', new SecretSealer('a passphrase of many words', salt)],
  ])('is not opened by %s', (_what, other) => {
    expect(() => other.open(sealer.seal(key))).toThrow('a channel key was sealed with another secret');
  });

  it('is not opened when a byte of it is another', () => {
    const sealed = sealer.seal(key);
    for (let at = `sealed ${sealer.id} `.length; at < sealed.length - 1; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(() => sealer.open(changed)).toThrow();
    }
  });

  it.each(['', key, 'sealed', 'sealed x y', `sealed ${sealer.id} `, `sealed ${sealer.id} AAAA`, `sealed ${sealer.id} ${'A'.repeat(30)}`])(
    'is not %j',
    (text) => {
      expect(() => sealer.open(text)).toThrow();
    },
  );
});

describe('a secret', () => {
  it('is the same as hex and as base64', () => {
    const bytes = Buffer.from(hex, 'hex');
    for (const text of [hex.toUpperCase(), bytes.toString('base64'), bytes.toString('base64url')]) {
      expect(new SecretSealer(text, salt).id).toBe(sealer.id);
    }
  });

  it('is stretched with the salt when it is a passphrase', () => {
    const ids = [salt, Buffer.alloc(16, 2)].map((each) => new SecretSealer('a passphrase of many words', each).id);
    expect(new Set(ids).size).toBe(2);
    expect(new SecretSealer(hex, Buffer.alloc(16, 2)).id).toBe(sealer.id);
  });
});

describe('without a secret', () => {
  it('keys lie open', () => {
    expect(plainKeys.open(plainKeys.seal(key))).toBe(key);
    expect(sealedBy(key)).toBeUndefined();
  });
});
