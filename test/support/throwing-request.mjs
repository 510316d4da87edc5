// A bug for a test: loaded by `--import`, it makes a request with the header `x-test-bug` throw inside the gateway, at once
// ("now"), in a callback that nobody waits for ("later"), or as a promise that nobody catches ("promise").
import { Server } from 'node:http';

const throwIt = (how) => {
  throw new Error(`a bug of the test: ${how}`);
};

const bugs = {
  now: () => throwIt('now'),
  later: () => setImmediate(() => throwIt('later')),
  promise: () => void Promise.resolve().then(() => throwIt('promise')),
};

/** The first look at the token of a marked request meets the bug; the handler of model calls is the one to look. */
const plantBug = ({ headers }) => {
  const { authorization, 'x-test-bug': how } = headers;
  if (how === undefined) return;
  let isMet = false;
  Object.defineProperty(headers, 'authorization', {
    get() {
      if (!isMet) {
        isMet = true;
        bugs[how]?.();
      }
      return authorization;
    },
  });
};

const { emit } = Server.prototype;
Server.prototype.emit = function emitWithBug(name, ...rest) {
  if (name === 'request') plantBug(rest[0]);
  return emit.call(this, name, ...rest);
};
