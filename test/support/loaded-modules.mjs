// Loaded by `--import`: prints `loaded: URL` for every module of the program's own and every package that is imported.
import { register } from 'node:module';

// The pipe does not block: while a busy test does not read, it is full, and what is left is written a moment later.
const hooks = `
  import { writeSync } from 'node:fs';
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const print = (line) => {
    for (let left = Buffer.from(line); left.length > 0; ) {
      try {
        left = left.subarray(writeSync(1, left));
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
        Atomics.wait(sleeper, 0, 0, 5);
      }
    }
  };
  export const load = (url, context, next) => {
    if (url.startsWith('file:')) print('loaded: ' + url + '\\n');
    return next(url, context);
  };
`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
