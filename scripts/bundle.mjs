// Puts the program as it ships into one folder, `build/program` or the one named behind --to: the code of ours and of the
// packages in a few files, templates, files for browsers, licences, and the database driver, the only package that stays
// one. The image, the npm package and the single file are all made from it (ADR 0018). Needs `npm run build` before.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { browserFiles } from '../dist/src/http/browser-files.js';
import { absentOnPurpose, databaseDrivers, lateCommonJs, noPhoneBook, optionalPackages } from './bundler-plugins.mjs';
import { driverFiles, driverName } from './driver-files.mjs';
import { licencesOf, packagesIn } from './third-party.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'build/program') } } });
const target = resolve(values.to);
const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Stands at the head of every file. Decorators need `reflect-metadata` before anything else, and where code is split the order
 * of imports is not kept; code of packages that still calls `require` finds one, which looks beside the program.
 */
const head = "import '#first'; import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

const bundleFirst = () =>
  build({ absWorkingDir: root, entryPoints: { first: 'reflect-metadata' }, outdir: join(target, 'app'), bundle: true, platform: 'node', format: 'esm', target: 'node20.19' });

const bundle = () =>
  build({
    absWorkingDir: root,
    // Places as in the build, seen from the code: the thread's file is beside it, the program one folder above.
    entryPoints: {
      ccload: 'dist/src/cli/main.js',
      main: 'dist/src/main.js',
      'code/database-thread': 'dist/src/database/database-thread.js',
    },
    chunkNames: 'code/[name]-[hash]',
    outdir: join(target, 'app'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // What is imported late today is imported late then, and main thread and database thread share what both need.
    splitting: true,
    // Nest, TypeORM and the API description go by the names of classes.
    keepNames: true,
    external: [driverName],
    plugins: [optionalPackages, databaseDrivers(ours.dependencies), lateCommonJs, noPhoneBook],
    banner: { js: head },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // Without the comments of packages, half of what Node would have to read and hold, and no character beyond ASCII, for which
    // it would hold two bytes each. Names stay and lines are short, so that a place in a bug report means something.
    minifyWhitespace: true,
    lineLimit: 160,
    charset: 'ascii',
  });

/**
 * What esbuild leaves beyond ASCII stands in regular expressions, where an escape means the same: one such character more and
 * V8 holds the whole file at two bytes each.
 */
const escapeBeyondAscii = (file) => {
  const code = readFileSync(file, 'utf8');
  const escaped = code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped !== code) writeFileSync(file, escaped);
};

/** Where the workflow runs is where the package comes from: npm's provenance compares both. */
const repository = () => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server === undefined || name === undefined ? {} : { repository: { type: 'git', url: `git+${server}/${name}.git` } };
};

const description = () => ({
  name: ours.name,
  version: ours.version,
  description: ours.description,
  keywords: ['anthropic', 'openai', 'claude-code', 'codex', 'gateway', 'proxy', 'failover'],
  license: ours.license,
  ...repository(),
  type: 'module',
  imports: { '#first': './app/first.js' },
  bin: { ccload: 'app/ccload.js' },
  engines: ours.engines,
  files: ['app', 'views', 'THIRD-PARTY-LICENSES.txt'],
  dependencies: { [driverName]: ours.dependencies[driverName] },
});

const copy = (from, to) => {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  cpSync(join(root, from), join(target, to), { recursive: true });
};

rmSync(target, { recursive: true, force: true });
await bundleFirst();
const { metafile } = await bundle();
for (const file of Object.keys(metafile.outputs)) escapeBeyondAscii(join(root, file));
const loadedByPackages = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
const unknown = loadedByPackages.map(({ path }) => path).filter((path) => !path.startsWith('node:') && !isBuiltin(path) && path !== driverName && path !== '#first' && !absentOnPurpose.test(path));
if (unknown.length > 0) throw new Error(`the bundle lacks ${[...new Set(unknown)].join(', ')}`);

writeFileSync(join(target, 'package.json'), `${JSON.stringify(description(), undefined, 2)}\n`);
for (const file of ['README.md', 'LICENSE', 'views']) copy(file, file);
for (const file of browserFiles) {
  copy(`node_modules/${file}`, `app/vendor/${file}`);
  const licence = `${file}.LICENSE.txt`;
  if (existsSync(join(root, 'node_modules', licence))) copy(`node_modules/${licence}`, `app/vendor/${licence}`);
}
for (const file of driverFiles(root)) copy(`node_modules/${file}`, `node_modules/${file}`);
const bundled = Object.keys(metafile.inputs).filter((file) => !file.includes(':'));
const packages = packagesIn([...bundled, ...browserFiles.map((file) => `node_modules/${file}`)]);
writeFileSync(join(target, 'THIRD-PARTY-LICENSES.txt'), licencesOf(root, packages));
console.error(`ccload: the program is in ${target}, with ${packages.length} packages`);
