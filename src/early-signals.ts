import { constants } from 'node:os';

const signals = ['SIGTERM', 'SIGINT'] as const;
/** What a shell adds to the number of the signal that has ended a process. */
const endedBySignal = 128;

/**
 * While the program starts there is nothing to finish, and a signal ends it at once: the first process of a container gets
 * only signals that it has asked for, and would sit out a stop until it is killed. Returns what hands over to those who
 * know more.
 */
export const endOnSignal = (): (() => void) => {
  const end = (signal: (typeof signals)[number]): never => process.exit(endedBySignal + constants.signals[signal]);
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
};
