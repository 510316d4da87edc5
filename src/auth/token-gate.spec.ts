import { describe, expect, it } from '@jest/globals';
import { TokenGate } from './token-gate.js';

describe('a gate with tokens', () => {
  const gate = new TokenGate(['alpha', 'beta', 'alpha']);

  it.each([
    ['alpha', 'token-1'],
    ['beta', 'token-2'],
  ])('lets %s in as %s', (token, label) => {
    expect(gate.admit(token)).toBe(label);
  });

  it.each([undefined, '', 'Alpha', 'alph', 'alphaa', ' alpha', 'alpha,beta', 'gamma', 'alpha\0', 'alpha\0\0\0', 'α', 'x'.repeat(10_000)])('keeps %j out', (token) => {
    expect(gate.admit(token)).toBeUndefined();
  });
});

describe('a gate with a token of several alphabets', () => {
  const gate = new TokenGate(['ключ-🔑']);

  it('lets it in, and neither a part of it nor anything longer', () => {
    expect(gate.admit('ключ-🔑')).toBe('token-1');
    expect(['ключ-', 'ключ', 'ключ-🔑x', 'ключ-🔑🔑'].map((token) => gate.admit(token))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is not impressed by what somebody showed before', () => {
    gate.admit('ключ-🔑');
    expect(gate.admit('')).toBeUndefined();
  });
});

describe('a gate without tokens', () => {
  it.each([undefined, '', 'anything'])('lets %j in and says that it is open', (token) => {
    expect(new TokenGate([]).admit(token)).toBe('open');
  });
});
