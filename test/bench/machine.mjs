// Where and with what the numbers were made: without it they mean nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { canPin, measuredCore, otherCore } from './processes.mjs';
import { nginxVersion } from './targets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const gibibyte = 1024 ** 3;

const git = (...args) => {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

const commit = () => {
  const hash = git('rev-parse', '--short', 'HEAD');
  if (hash === undefined) return 'no git';
  return git('status', '--porcelain', '--untracked-files=no', '--', 'src') === '' ? hash : `${hash} with uncommitted changes`;
};

export const describeMachine = (date) => ({
  date: date.toISOString(),
  commit: commit(),
  cpu: `${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}`,
  memory: `${(totalmem() / gibibyte).toFixed(0)} GiB`,
  system: `${type()} ${release()}`,
  node: process.version,
  undici: JSON.parse(readFileSync(new URL('../../node_modules/undici/package.json', import.meta.url), 'utf8')).version,
  nginx: nginxVersion ?? 'not installed',
  pinning: canPin ? `target on core ${measuredCore}, upstream and load on core ${otherCore}` : 'none: the numbers are rougher',
});

export const machineText = ({ date, commit: at, cpu, memory, system, node, undici, nginx, pinning }) =>
  `${date} · commit ${at} · ${cpu}, ${memory} · ${system} · Node ${node}, undici ${undici}, nginx: ${nginx} · pinning: ${pinning}`;
