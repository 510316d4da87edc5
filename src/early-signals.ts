const signals = ['SIGTERM', 'SIGINT'] as const;
/** What a shell says of a process that SIGTERM has ended. */
const endedBySignal = 143;

/**
 * While the program starts there is nothing to finish, and a signal ends it at once: the first process of a container gets
 * only signals that it has asked for, and would sit out a stop until it is killed. Returns what hands over to those who
 * know more.
 */
export const endOnSignal = (): (() => void) => {
  const end = (): never => process.exit(endedBySignal);
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
};
