// The built gateway with bugs in it. On SIGUSR2 things go wrong that nobody catches, and each holds the text of the file
// `canary`, the way errors of V8 and of libraries hold what they were given.
import { readFileSync } from 'node:fs';
import '../../dist/src/main.js';

process.on('SIGUSR2', () => {
  const canary = readFileSync('canary', 'utf8');
  void Promise.reject(`rejected with ${canary}`);
  void Promise.reject({ message: canary });
  void Promise.reject(Object.assign(new Error('a statement failed'), { parameters: [canary], query: canary }));
  void Promise.reject(new Error('outer', { cause: new Error(`got "${canary}"`) }));
  JSON.parse(`{"messages":[{"content":${canary}}]}`);
});
