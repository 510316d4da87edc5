// A gateway whose log is full from the start, for what costs more with every row.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from './targets.mjs';

const fillScript = fileURLToPath(new URL('./fill-logs.mjs', import.meta.url));
const days = 7;

/** Makes up a log of so many rows over a week, and starts a gateway on it. */
export const startOnFilledLog = (bench, place, rows, env = {}) => {
  const folder = join(place.folder, 'gateway');
  mkdirSync(folder, { recursive: true });
  const filled = spawnSync(process.execPath, [fillScript, join(folder, 'bench.db'), String(rows), String(days)], { stdio: 'ignore' });
  if (filled.status !== 0) throw new Error('the log could not be filled: run test/bench/fill-logs.mjs to see why');
  const { profileFolder } = place;
  return startGateway({ folder, upstreamPort: bench.upstream.port, catalog: { channels: 1, models: 1 }, profileFolder, env: { ...place.env, ...env } });
};
