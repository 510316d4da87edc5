// A load of its own: streams whose events carry the moment they were written (CLOCK_MONOTONIC, the same for all processes of
// a machine). Told { kind: 'watch', port, streams, seconds }, it answers { kind: 'watched', result } with how late they came;
// told { kind: 'firsts', port, answers }, how late the first chunks of so many answers did, asked for one after the other.
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

/** Long enough for everybody to be idle again. */
const betweenAnswersMs = 20;
const answerMsMax = 5_000;

/** How late, in µs, the first chunk of one answer comes; the answer is read to its end. */
const firstDelayUs = (socket) =>
  new Promise((resolve, reject) => {
    let delayUs;
    const timer = setTimeout(() => reject(new Error('an answer did not end in time')), answerMsMax);
    const read = (text) => {
      const sentUs = delayUs === undefined ? [...text.matchAll(sentMark)][0]?.[1] : undefined;
      if (sentUs !== undefined) delayUs = nowUs() - Number(sentUs);
      if (!text.endsWith('0\r\n\r\n')) return;
      clearTimeout(timer);
      socket.off('data', read);
      if (delayUs === undefined) reject(new Error('an answer ended without its first chunk'));
      else resolve(delayUs);
    };
    socket.on('data', read);
    socket.write(wireBytes('stamped', 0));
  });

const firsts = async ({ port, answers }) => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.setEncoding('latin1');
  const delays = [];
  for (let left = answers; left > 0; left--) {
    delays.push(await firstDelayUs(socket));
    await wait(betweenAnswersMs);
  }
  socket.destroy();
  const sorted = delays.sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50Us: at(0.5), p99Us: at(0.99), largestUs: sorted.at(-1) };
};

process.on('message', async ({ kind, ...plan }) => {
  if (kind === 'watch') process.send({ kind: 'watched', result: await new Watch().run(plan) });
  if (kind === 'firsts') process.send({ kind: 'firsts', result: await firsts(plan) });
});
