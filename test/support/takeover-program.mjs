// Takes over an original database and says every step that is done: `node takeover-program.mjs <file> [step to be killed after]`,
// counted from 1. Needs the built program.
import { writeSync } from 'node:fs';
import { takeOver } from '../../dist/src/database/original/take-over.js';

const [path, lastStep = '0'] = process.argv.slice(2);
const standardOutput = 1;
let steps = 0;

const stepped = (step) => {
  writeSync(standardOutput, `${step}\n`);
  steps += 1;
  if (steps === Number(lastStep)) process.kill(process.pid, 'SIGKILL');
};

await takeOver({ path, secrets: { current: undefined, previous: undefined }, tell: () => undefined, now: Date.now(), stepped });
