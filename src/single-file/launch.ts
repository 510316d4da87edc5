import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getAsset } from 'node:sea';
import { cacheFolders } from '../config/cache-folders.js';
import { parseManifest } from './parse-manifest.js';
import { unpacked } from './unpack.js';

/*
 * Where the single file starts. Node runs one CommonJS script out of it; the operating system loads the database's addon
 * from a file only, and threads and late imports want files too. So everything is unpacked once, and started there.
 */

try {
  const manifest = parseManifest(getAsset('manifest', 'utf8'));
  const folder = unpacked({ ...manifest, read: (path) => new Uint8Array(getAsset(path)) }, cacheFolders());
  createRequire(join(folder, 'package.json'))('./start.cjs');
} catch (error) {
  process.stderr.write(`ccLoad cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
