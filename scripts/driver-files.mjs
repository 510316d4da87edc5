import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The database driver: its addon is a library of the operating system's and cannot be bundled. */
export const driverName = 'better-sqlite3';

/** What of it runs, with what it loads, below `node_modules`. Its sources and what compiled them are 30 MB more. */
export const driverFiles = (root) => [
  'better-sqlite3/package.json',
  'better-sqlite3/LICENSE',
  ...readdirSync(join(root, 'node_modules/better-sqlite3/lib'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'node_modules/').length)),
  'better-sqlite3/build/Release/better_sqlite3.node',
  'bindings/package.json',
  'bindings/bindings.js',
  'bindings/LICENSE.md',
  'file-uri-to-path/package.json',
  'file-uri-to-path/index.js',
  'file-uri-to-path/LICENSE',
];
