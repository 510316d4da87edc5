// Makes one executable file of `build/program`: this very Node with everything else inside it. `--to FILE` names it; it runs
// on the operating system and processor that it was made on. Needs a Node with the place for it, as nodejs.org builds it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { inject } from 'postject';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    program: { type: 'string', default: join(root, 'build/program') },
    to: { type: 'string', default: join(root, 'build', `ccload-${process.platform}-${process.arch}`) },
  },
});
const target = resolve(values.to);

/** The mark that Node leaves where it looks for a program inside itself. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const run = (command, ...args) => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr}`);
};

/** What is packed, by the path it is unpacked to. */
const filesOf = (folder, scratch) => {
  const start = join(scratch, 'start.cjs');
  writeFileSync(start, "module.exports = (file) => import(file).catch((error) => { console.error(error); process.exit(1); });\n");
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file.slice(folder.length + 1).split(sep).join('/'), file]);
  return Object.fromEntries([...found, ['start.cjs', start]].sort(([one], [other]) => (one < other ? -1 : 1)));
};

const writeManifest = (files, path) => {
  const listed = Object.entries(files).map(([name, file]) => ({ path: name, sha256: sha256(readFileSync(file)) }));
  writeFileSync(path, JSON.stringify({ digest: sha256(JSON.stringify(listed)), files: listed }));
};

const makeBlob = async (scratch) => {
  const [main, manifest, output, config] = ['launch.cjs', 'manifest.json', 'program.blob', 'sea.json'].map((name) => join(scratch, name));
  await build({ entryPoints: [join(root, 'dist/src/single-file/launch.js')], outfile: main, bundle: true, platform: 'node', format: 'cjs', target: 'node20.19' });
  const files = filesOf(resolve(values.program), scratch);
  writeManifest(files, manifest);
  writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, assets: { ...files, manifest } }));
  run(process.execPath, '--experimental-sea-config', config);
  return readFileSync(output);
};

const isMac = process.platform === 'darwin';
if (!readFileSync(process.execPath).includes(fuse)) {
  throw new Error(`${process.execPath} has no place for a program inside it; use a Node as nodejs.org builds it`);
}
const scratch = mkdtempSync(join(tmpdir(), 'ccload-binary-'));
try {
  const blob = await makeBlob(scratch);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  copyFileSync(process.execPath, target);
  chmodSync(target, 0o755);
  // A changed file needs a new signature, or macOS ends it at once.
  if (isMac) run('codesign', '--remove-signature', target);
  await inject(target, 'NODE_SEA_BLOB', blob, { sentinelFuse: fuse, ...(isMac ? { machoSegmentName: 'NODE_SEA' } : {}) });
  if (isMac) run('codesign', '--sign', '-', target);
} finally {
  rmSync(scratch, { recursive: true });
}
console.error(`ccload: ${target}`);
