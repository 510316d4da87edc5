// Prints what the program consists of at run time as CycloneDX JSON, from the lockfile alone: `npm run --silent sbom`.
// npm's own `--omit=dev` leaves out whatever a development dependency needs too (127 of 205 packages, Nest among them), so
// the development dependencies are taken out of a copy of the lockfile first. The copy's folder names the component.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const parsed = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));

const description = { ...parsed('package.json'), devDependencies: undefined };
const lock = parsed('package-lock.json');
const atRunTime = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
lock.packages = Object.fromEntries(atRunTime);
lock.packages[''].devDependencies = undefined;

const scratch = mkdtempSync(join(tmpdir(), 'ccload-sbom-'));
try {
  const folder = join(scratch, description.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const { status } = spawnSync(npm, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true });
}
