import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from './environment.js';

describe('the environment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ccload-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is that of the process when there is no .env', () => {
    expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1' });
  });

  it('takes from .env what the process does not set', () => {
    writeFileSync(join(folder, '.env'), '\uFEFF# ports\nPORT=9000\r\nCCLOAD_PASS="two words" # quoted\nHOST=127.0.0.1\n');
    expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1', CCLOAD_PASS: 'two words', HOST: '127.0.0.1' });
  });

  it('keeps a variable that the process sets to nothing', () => {
    writeFileSync(join(folder, '.env'), 'CCLOAD_PASS=secret\n');
    expect(readEnvironment(folder, { CCLOAD_PASS: '' })).toEqual({ CCLOAD_PASS: '' });
  });

  it('is refused when .env cannot be read', () => {
    mkdirSync(join(folder, '.env'));
    expect(() => readEnvironment(folder, {})).toThrow(/\.env exists but cannot be read/);
  });
});
