import { setImmediate } from 'node:timers/promises';

/** Longest a slice of work keeps the streams of this thread waiting. */
const sliceMs = 5;

/** Runs work that pauses between its steps, and lets everybody else in after every slice of it. Returns its result. */
export const inSlices = async <T>(steps: Generator<void, T>): Promise<T> => {
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    sliceEnd = performance.now() + sliceMs;
  }
};
