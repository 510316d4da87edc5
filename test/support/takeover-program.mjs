// Takes over an original database, opens what it became, and says every step that is done: `node takeover-program.mjs <file>
// [step to be killed after] [secret]`, steps counted from 1, 0 for none. Needs the built program.
import { writeSync } from 'node:fs';
import { Database } from '../../dist/src/database/database.js';
import { takeOver } from '../../dist/src/database/original/take-over.js';

const [path, lastStep = '0', current] = process.argv.slice(2);
const standardOutput = 1;
let steps = 0;

const stepped = (step) => {
  writeSync(standardOutput, `${step}\n`);
  steps += 1;
  if (steps === Number(lastStep)) process.kill(process.pid, 'SIGKILL');
};

const secrets = { current, previous: undefined };
await takeOver({ path, secrets, tell: () => undefined, now: Date.now(), stepped });
const database = await Database.inline({ path, secrets });
stepped('opened');
await database.close();
