import { describe, expect, it } from '@jest/globals';
import { parseEnv } from 'node:util';
import { passwordIn, withPassword } from './env-file.js';

describe('the password in a .env file', () => {
  it.each([
    ['', undefined],
    ['PORT=1\n', undefined],
    ['CCLOAD_PASS=\n', undefined],
    ['#CCLOAD_PASS=secret\n', undefined],
    ['MY_CCLOAD_PASS=secret\n', undefined],
    ['CCLOAD_PASS=one\nCCLOAD_PASS=two\n', 'two'],
    ['CCLOAD_PASS="two words" # quoted\n', 'two words'],
  ])('of %j is %j', (text, password) => {
    expect(passwordIn(text)).toBe(password);
  });
});

describe('a new password', () => {
  it.each([
    ['', 'CCLOAD_PASS=new\n'],
    ['PORT=1', 'PORT=1\nCCLOAD_PASS=new\n'],
    ['PORT=1\n# a comment\n', 'PORT=1\n# a comment\nCCLOAD_PASS=new\n'],
    ['#CCLOAD_PASS=\nPORT=1\n', 'CCLOAD_PASS=new\nPORT=1\n'],
    ['A=1\nCCLOAD_PASS=old # why\nB=2\n', 'A=1\nCCLOAD_PASS=new\nB=2\n'],
    ['export CCLOAD_PASS="old one"\nB=2\n', 'CCLOAD_PASS=new\nB=2\n'],
    ['A="$1 $& #"\nCCLOAD_PASS=\n', 'A="$1 $& #"\nCCLOAD_PASS=new\n'],
  ])('goes into %j as %j', (text, changed) => {
    expect(withPassword(text, 'new')).toBe(changed);
  });

  it.each([
    ['over several lines', 'CCLOAD_PASS="old\nstill old"\nB=2\n'],
    ['a second time', 'CCLOAD_PASS=one\nCCLOAD_PASS=two\n'],
    ['inside another value', 'A="\nCCLOAD_PASS=not this\n"\n'],
  ])('is not put where the old one stands %s', (_where, text) => {
    const changed = withPassword(text, 'new');
    expect(changed === undefined || parseEnv(changed)['CCLOAD_PASS'] === 'new').toBe(true);
    if (changed !== undefined) expect({ ...parseEnv(changed), CCLOAD_PASS: '' }).toEqual({ ...parseEnv(text), CCLOAD_PASS: '' });
  });
});
