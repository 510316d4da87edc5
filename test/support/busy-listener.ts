import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, and takes its next connection only `busyMs` after it was told to. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer((socket) => socket.on('error', () => undefined));
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => parentPort.postMessage(server.address().port));
parentPort.once('message', () => {
  parentPort.postMessage('busy');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.busyMs);
});
`;

export interface BusyListener {
  readonly port: number;
  close(): Promise<void>;
}

const said = (worker: Worker): Promise<unknown> => new Promise((resolve) => worker.once('message', resolve));

/** A port on 127.0.0.1 whose queue is full for `busyMs`: the first packet of a new connection is lost, its repetition 1 s later is not. */
export const startBusyListener = async (busyMs: number): Promise<BusyListener> => {
  const worker = new Worker(program, { eval: true, workerData: { busyMs } });
  const port = Number(await said(worker));
  const busy = said(worker);
  worker.postMessage('be busy');
  await busy;
  const queue: Socket[] = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    port,
    close: async () => {
      for (const socket of queue) socket.destroy();
      await worker.terminate();
    },
  };
};
