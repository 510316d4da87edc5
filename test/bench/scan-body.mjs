// CPU time of reading what routing needs from a request body. Names of other builds may follow; all are measured in turn,
// because only what was measured in the same minute can be compared. Wants a build:
//   node test/bench/scan-body.mjs [dist] [other-dist …]
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requests } from './workloads.mjs';

/** So many different buffers that a body is no longer in the first-level cache when its turn comes. */
const copies = 24;
const rounds = 15;
const bytesPerRound = 200e6;

const picture = JSON.stringify({
  messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data: 'QUJD'.repeat(350_000) } }] }],
  model: 'm',
});
const numbers = JSON.stringify({ input: Array.from({ length: 25_000 }, (_, index) => index % 997), model: 'm' });
const bodies = {
  'small, 2.3 KB': requests.json.body,
  'agent, 115 KB': requests.agent.body,
  'agent, model last': requests.agentModelLast.body,
  'picture, 1.4 MB': Buffer.from(picture),
  'numbers, 97 KB': Buffer.from(numbers),
};

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['dist'];
const builds = await Promise.all(
  folders.map(async (folder) => ({
    folder,
    readRequestFacts: (await import(pathToFileURL(resolve(folder, 'src/domain/request-facts.js')))).readRequestFacts,
  })),
);

/** Microseconds of CPU per body. */
const measure = (readRequestFacts, buffers) => {
  const times = Math.ceil(bytesPerRound / buffers[0].length / copies) * copies;
  const before = process.cpuUsage();
  for (let index = 0; index < times; index++) {
    if (readRequestFacts(buffers[index % copies]).kind !== 'facts') throw new Error('a body was refused');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
};

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

for (const [name, body] of Object.entries(bodies)) {
  const buffers = Array.from({ length: copies }, () => Buffer.from(body));
  const measured = builds.map(() => []);
  for (let round = 0; round < rounds; round++) {
    builds.forEach(({ readRequestFacts }, index) => measured[index].push(measure(readRequestFacts, buffers)));
  }
  const medians = measured.map(median);
  const columns = builds.map(({ folder }, index) => `${folder}: ${medians[index].toFixed(2)} µs`);
  const ratio = builds.length > 1 ? `  ratio to the last: ${(medians[0] / medians.at(-1)).toFixed(2)}` : '';
  console.log(`${name.padEnd(20)}${columns.join('   ')}${ratio}`);
}
