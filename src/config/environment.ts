import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './variable-reader.js';

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

const envFileText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw new Error(`${path} exists but cannot be read`, { cause: error });
  }
};

/**
 * The variables of the process over those of `.env` in `folder`: what is already set wins, also when it is set to nothing.
 * The only reader of the environment. Throws when `.env` exists but cannot be read.
 */
export const readEnvironment = (folder: string = process.cwd(), variables: Environment = process.env): Environment => ({
  ...parseEnv(envFileText(join(folder, '.env')).replace(/^\uFEFF/, '')),
  ...variables,
});
