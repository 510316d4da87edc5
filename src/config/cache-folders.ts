import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './variable-reader.js';

/** An account without an entry in the system's list of accounts may have no home. */
const homeFolder = (): string | undefined => {
  try {
    return homedir();
  } catch {
    return undefined;
  }
};

/**
 * Where the single file may unpack what cannot stay packed, best first: the account's cache, then a folder of its own among
 * the temporary files. Absolute paths.
 */
export const cacheFolders = (variables: Environment = process.env): readonly string[] => {
  const home = homeFolder();
  // The specification of that variable says that a relative path does not count.
  const chosen = variables['XDG_CACHE_HOME']?.startsWith('/') === true ? variables['XDG_CACHE_HOME'] : undefined;
  const cache = chosen ?? (home?.startsWith('/') === true ? join(home, '.cache') : undefined);
  return [...(cache === undefined ? [] : [join(cache, 'ccload')]), join(tmpdir(), `ccload-${process.getuid?.() ?? 'account'}`)];
};
