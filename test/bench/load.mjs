// The load, as a process of its own that the benchmark tells what to do: { kind: 'run' | 'hold' | 'release' | 'guard' }.
// It answers 'begin' and 'end' around what is counted, so that the CPU of the same moments can be read, and 'done'.
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import './child-side.mjs';
import { Latencies } from './latencies.mjs';
import { LoadConnection } from './load-connection.mjs';
import { requests } from './workloads.mjs';

/** More failures than this and there is nothing to measure. */
const failuresMax = 1_000;
/** Requests that may wait for a free connection at a given rate; one more is a failure. */
const waitingMax = 20_000;
/** What is under way when counting ends may finish, so that no target has to clean up in the next one's turn. */
const finishMs = 3_000;
/** Streams opened at once, so that no accept queue overflows. */
const openingStreamsMax = 50;
const openingStreamsMs = 30_000;

const count = (counts, key) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** One run at one target: as fast as the connections allow, or, with `rate` (requests a second), when they are due. */
class Run {
  #plan;
  #wanted;
  #connections = [];
  #counting = false;
  #over = false;
  #free = [];
  #waiting = [];
  #answers = 0;
  #answersInAll = 0;
  #reads = 0;
  #failures = 0;
  #reasons = {};
  #latencies = new Latencies();

  constructor(plan) {
    this.#plan = plan;
    this.#wanted = requests[plan.request].answerBytes;
  }

  async measure(onBegin, onEnd) {
    await this.#connect();
    const arrivals = this.#plan.rate === undefined ? undefined : this.#startArrivals();
    await wait(this.#plan.rampSeconds * 1_000);
    onBegin();
    this.#counting = true;
    const bytesBefore = this.#bodyBytes;
    const startedAt = performance.now();
    await wait(this.#plan.seconds * 1_000);
    this.#counting = false;
    const seconds = (performance.now() - startedAt) / 1_000;
    onEnd(this.#result(seconds, this.#bodyBytes - bytesBefore));
    this.#over = true;
    await arrivals?.terminate();
    await this.#finish();
    return this.#answersInAll;
  }

  /** Opens the connections, spread over `staggerSeconds`. */
  async #connect() {
    const pauseMs = ((this.#plan.staggerSeconds ?? 0) * 1_000) / this.#plan.connections;
    for (let session = 0; session < this.#plan.connections; session++) {
      this.#connections.push(new LoadConnection(this.#plan, session, this));
      if (pauseMs > 0) await wait(pauseMs);
    }
  }

  async #finish() {
    const deadline = performance.now() + finishMs;
    while (this.#connections.some(({ isBusy }) => isBusy) && performance.now() < deadline) await wait(10);
    for (const connection of this.#connections) connection.end();
  }

  get #bodyBytes() {
    return this.#connections.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
  }

  free(connection) {
    if (this.#over) return;
    if (this.#plan.rate === undefined) connection.send();
    else if (this.#waiting.length > 0) connection.send(this.#waiting.shift());
    else this.#free.push(connection);
  }

  answered({ status, bodyBytes, reads, us }) {
    this.#answersInAll++;
    if (status < 200 || status > 299) this.failed(`status ${status}`);
    else if (bodyBytes !== this.#wanted) this.failed(`an answer of ${bodyBytes} bytes, expected ${this.#wanted}`);
    else if (this.#counting) {
      this.#answers++;
      this.#reads += reads;
      this.#latencies.add(us);
    }
  }

  failed(reason) {
    this.#failures++;
    count(this.#reasons, reason);
    if (this.#failures > failuresMax) {
      console.error('load: too many failures', this.#reasons);
      process.exit(1);
    }
  }

  #startArrivals() {
    const arrivals = new Worker(new URL('./arrivals.mjs', import.meta.url), { workerData: { rate: this.#plan.rate } });
    arrivals.on('message', () => this.#due());
    return arrivals;
  }

  #due() {
    if (this.#over) return;
    // The one that has rested longest: a connection that never sends anything is closed by its server.
    const connection = this.#free.shift();
    if (connection !== undefined) connection.send();
    else if (this.#waiting.length < waitingMax) this.#waiting.push(performance.now());
    else this.failed('more requests were due than could be sent');
  }

  #result(seconds, bodyBytes) {
    return {
      seconds,
      // By bytes, because streams are long: one that was under way at the beginning or end counts as far as it went.
      answers: bodyBytes / this.#wanted,
      wholeAnswers: this.#answers,
      failures: this.#failures,
      reasons: this.#reasons,
      readsPerAnswer: this.#answers === 0 ? 0 : this.#reads / this.#answers,
      latencyUs: this.#latencies.summaryUs,
    };
  }
}

/** Streams that are opened, flow slowly, and are let go all at once. */
class HeldStreams {
  #connections = [];
  #opening = 0;
  #failures = 0;
  #reasons = {};

  /** Resolves when all have sent their request, or after `openingStreamsMs`. */
  async open({ port, streams }) {
    const deadline = performance.now() + openingStreamsMs;
    while (this.#connections.length < streams && performance.now() < deadline) {
      if (this.#opening >= openingStreamsMax) await wait(5);
      else {
        this.#opening++;
        this.#connections.push(new LoadConnection({ port, request: 'slow' }, this.#connections.length, this));
      }
    }
    return { streams: this.#connections.length };
  }

  release() {
    const flowing = this.#connections.filter((connection) => connection.isFlowing).length;
    for (const connection of this.#connections) connection.end();
    this.#connections = [];
    return { flowing, failures: this.#failures, reasons: this.#reasons };
  }

  free(connection) {
    this.#opening--;
    connection.send();
  }

  answered({ status }) {
    this.failed(`a stream ended with status ${status}`);
  }

  failed(reason) {
    this.#failures++;
    count(this.#reasons, reason);
  }
}

let held = new HeldStreams();
let guarded = [];

const commands = {
  run: async (plan) => {
    const onBegin = () => process.send({ kind: 'begin' });
    const onEnd = (result) => process.send({ kind: 'end', result });
    const answersInAll = await new Run(plan).measure(onBegin, onEnd);
    process.send({ kind: 'done', answersInAll });
  },
  hold: async (plan) => {
    held = new HeldStreams();
    process.send({ kind: 'held', result: await held.open(plan) });
  },
  guard: ({ pids }) => {
    guarded = pids;
  },
  release: () => process.send({ kind: 'released', result: held.release() }),
};

// A benchmark that was killed can end nothing any more, and the gateway would not notice.
process.prependListener('disconnect', () => {
  for (const pid of guarded) process.kill(pid, 'SIGKILL');
});
process.on('message', ({ kind, ...plan }) => commands[kind](plan));
