// A load of its own: streams whose events carry the moment they were written (CLOCK_MONOTONIC, the same for all processes of
// a machine). Told { kind: 'watch', port, streams, seconds }, it answers { kind: 'watched', result } with how late they came.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import './child-side.mjs';
import { Latencies } from './latencies.mjs';
import { sentMark, wireBytes } from './workloads.mjs';

/** Streams begin one after the other, so that their beginnings are not what is measured. */
const openingMs = 5;
/** After the last one has begun. */
const settleMs = 1_000;

const nowUs = () => Number(process.hrtime.bigint() / 1_000n);

class Watch {
  #sockets = [];
  #counting = false;
  #delays = new Latencies();
  #largestUs = 0;
  #failures = 0;

  async run({ port, streams, seconds }) {
    for (let session = 0; session < streams; session++) {
      this.#sockets.push(this.#open(port, session));
      await wait(openingMs);
    }
    await wait(settleMs);
    this.#counting = true;
    await wait(seconds * 1_000);
    this.#counting = false;
    for (const socket of this.#sockets) socket.destroy();
    const { p50, p99 } = this.#delays.summaryUs;
    return { p50Us: p50, p99Us: p99, largestUs: this.#largestUs, failures: this.#failures };
  }

  #open(port, session) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.setEncoding('latin1');
    socket.write(wireBytes('timed', session));
    socket.on('data', (text) => this.#read(text));
    socket.on('error', () => this.#failed());
    socket.on('end', () => this.#failed());
    return socket;
  }

  #failed() {
    this.#failures++;
  }

  #read(text) {
    if (!this.#counting) return;
    const arrivedUs = nowUs();
    for (const [, sentUs] of text.matchAll(sentMark)) {
      const delayUs = arrivedUs - Number(sentUs);
      this.#delays.add(delayUs);
      if (delayUs > this.#largestUs) this.#largestUs = delayUs;
    }
  }
}

process.on('message', async ({ kind, ...plan }) => {
  if (kind === 'watch') process.send({ kind: 'watched', result: await new Watch().run(plan) });
});
