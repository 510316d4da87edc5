// Makes a fresh clone runnable: installs what the lockfile names and builds what changed, and nothing otherwise; with --program
// also the bundle that `npm start` runs. `npm start` and `npm test` both begin here, so that neither needs a step before it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const run = (what, args) => {
  console.error(`ccload: ${what} …`);
  const { status } = spawnSync(npm, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`ccload: ${what} failed; run "npm ${args.join(' ')}" to see why`);
    process.exit(status ?? 1);
  }
};

/** Every file below `folder`, tests excluded: they are not part of the build. */
const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const hashOf = (files) => {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
};

const isStale = (stamp, hash) => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash;

// The Node ABI is part of the stamp: the SQLite addon is compiled for one ABI.
const installHash = `${hashOf([at('package-lock.json')])} abi${process.versions.modules}`;
const installStamp = at('node_modules', '.ccload-installed');
if (isStale(installStamp, installHash)) {
  // Only npm 12 obeys `allowScripts` by itself: here no package runs anything, and then those that may do so do.
  const { allowScripts } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  run('installing dependencies', ['ci', '--include=dev', '--ignore-scripts']);
  run('building what is native', ['rebuild', '--ignore-scripts=false', ...allowed]);
  writeFileSync(installStamp, installHash);
}

const sources = [...filesBelow(at('src')), at('ormconfig.ts'), at('tsconfig.json'), at('tsconfig.build.json'), at('nest-cli.json'), at('package-lock.json')];
const buildHash = hashOf(sources.filter((file) => existsSync(file) && statSync(file).isFile()));
const buildStamp = at('dist', '.ccload-built');
if (isStale(buildStamp, buildHash)) {
  run('building', ['run', '--silent', 'build']);
  writeFileSync(buildStamp, buildHash);
}

if (process.argv.includes('--program')) {
  const scripts = readdirSync(at('scripts')).map((name) => at('scripts', name));
  // What was installed is part of this stamp too: the bundle has a copy of the addon.
  const programHash = `${hashOf([...scripts, ...filesBelow(at('views')), at('package.json')])} ${buildHash} ${installHash}`;
  const programStamp = at('build', 'program', '.ccload-bundled');
  if (isStale(programStamp, programHash)) {
    run('bundling', ['run', '--silent', '--ignore-scripts', 'bundle']);
    writeFileSync(programStamp, programHash);
  }
}
