/** With this argument the program is a worker of another one's and does what that tells it. */
export const workerArgument = 'relay-worker';
