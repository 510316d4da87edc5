import { bugReport } from '../http/bug-report.js';
import { RelayWorker } from './relay-worker.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

const send = (message: FromWorker): void => {
  // The channel is gone when the other side is: then this process ends too.
  if (process.connected) process.send?.(message);
};

const begin = async (message: Extract<ToWorker, { kind: 'start' }>): Promise<RelayWorker> => {
  const worker = new RelayWorker(message.start, send);
  try {
    send({ kind: 'listening', port: await worker.listen(message.start.config) });
  } catch (error) {
    send({ kind: 'refused', sentence: error instanceof Error ? error.message : String(error) });
  }
  return worker;
};

/** A worker's life: it starts when it is told to, and ends when it is told to or when nobody is left to tell it. */
export const runWorker = (): void => {
  // Whoever keeps the books decides when to end; a signal to the whole group reaches it too.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  const report = (bug: unknown): void => send({ kind: 'sentence', sentence: `uncaught: ${bugReport(bug)}` });
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  let worker: Promise<RelayWorker> | undefined;
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'start') worker ??= begin(message);
    else void worker?.then((started) => started.receive(message));
  });
  send({ kind: 'ready' });
  process.once('disconnect', () => process.exit(0));
};
