import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getAsset } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { cacheFolders } from '../config/cache-folders.js';
import type { PackedProgram } from './packed-program.js';
import { parseManifest, parseStart } from './parse-packed.js';
import { unpacked } from './unpack.js';

/*
 * Where the single file starts. Node runs one CommonJS script out of it; the operating system loads the database's addon
 * from a file only, and threads and late imports want files too. So everything is unpacked once, and started there.
 */

/**
 * The command line; or, in a process that the program has started with a file of its own as Node's first argument, that file:
 * a single file cannot be told apart from its Node. Node then repeats its own name before the arguments, which is taken out.
 */
const fileToRun = (folder: string, { files }: Pick<PackedProgram, 'files'>): string => {
  const [, , asked = ''] = process.argv;
  if (!files.some(({ path }) => join(folder, path) === asked)) return join(folder, 'app/ccload.js');
  process.argv.splice(1, 1);
  return asked;
};

try {
  const manifest = parseManifest(getAsset('manifest', 'utf8'));
  const folder = unpacked({ ...manifest, read: (path) => new Uint8Array(getAsset(path)) }, cacheFolders());
  const start = parseStart(createRequire(join(folder, 'package.json'))('./start.cjs'));
  start(pathToFileURL(fileToRun(folder, manifest)).href);
} catch (error) {
  process.stderr.write(`ccLoad cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
