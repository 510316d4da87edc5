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

  it.each([undefined, '', 'Alpha', 'alph', 'alphaa', ' alpha', 'alpha,beta', 'gamma'])('keeps %j out', (token) => {
    expect(gate.admit(token)).toBeUndefined();
  });
});

describe('a gate without tokens', () => {
  it.each([undefined, '', 'anything'])('lets %j in and says that it is open', (token) => {
    expect(new TokenGate([]).admit(token)).toBe('open');
  });
});
