// A fast upstream on bare sockets: it shares its core with the load, so every microsecond it saves goes to the proxy's load.
// Understands exactly what the benchmark sends: keep-alive POSTs with a Content-Length.
import { createServer } from 'node:net';
import { setInterval } from 'node:timers';
import { answerParameter, deltaEvent, eventMs, jsonAnswer, openingEvents, slowEventMs, stampedEnd, stampedOpening, streamAnswer, timedEvent, timedEventMs } from './workloads.mjs';
import { reportPort } from './child-side.mjs';

const headBytesMax = 64 * 1024;
const headEnd = '\r\n\r\n';
const wantedAnswer = new RegExp(`^POST [^ ]*[?&]${answerParameter}=(\\w+)`);

const json = Buffer.concat([
  Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nRequest-Id: req_bench\r\nContent-Length: ${jsonAnswer.length}\r\n\r\n`,
  ),
  jsonAnswer,
]);
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nRequest-Id: req_bench\r\nTransfer-Encoding: chunked\r\n\r\n',
);
const refusal = 'HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

const httpChunk = (bytes) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const streamChunks = [...streamAnswer.slice(0, -1).map(httpChunk), Buffer.concat([httpChunk(streamAnswer.at(-1)), Buffer.from('0\r\n\r\n')])];
const openingChunks = openingEvents.map(httpChunk);
const deltaChunk = httpChunk(deltaEvent);

/** Groups of streams that are written to in turn, so that not all of them speak at the same moment. */
const groups = 4;
const slowGroups = 100;

/** Writes one event to every open stream in each period: each is a segment of its own, as from a model that is talking. */
class Streams {
  #groups;
  #chunkAt;
  #turn = 0;
  #started = 0;

  constructor(periodMs, groupCount, chunkAt) {
    this.#groups = Array.from({ length: groupCount }, () => new Set());
    this.#chunkAt = chunkAt;
    setInterval(() => this.#tick(), periodMs / groupCount);
  }

  start(socket) {
    socket.write(streamHead);
    const stream = { socket, next: 0 };
    const group = this.#groups[this.#started++ % this.#groups.length];
    group.add(stream);
    // A kept-alive socket carries many streams: only the current one has to be taken off.
    socket.removeAllListeners('close').once('close', () => group.delete(stream));
  }

  #tick() {
    const group = this.#groups[this.#turn++ % this.#groups.length];
    for (const stream of group) {
      const chunk = this.#chunkAt(stream.next++);
      if (chunk === undefined) group.delete(stream);
      else stream.socket.write(chunk);
    }
  }
}

const streams = new Streams(eventMs, groups, (next) => streamChunks[next]);
const slowStreams = new Streams(slowEventMs, slowGroups, (next) => openingChunks[next] ?? deltaChunk);

const nowUs = () => Number(process.hrtime.bigint() / 1_000n);
const timedStreams = new Streams(timedEventMs, slowGroups / 4, (next) => openingChunks[next] ?? httpChunk(timedEvent(nowUs())));

/** What comes after the first chunk must not be taken for it. */
const restMs = 5;
const lastChunks = Buffer.concat([httpChunk(stampedEnd), Buffer.from('0\r\n\r\n')]);

const sendStamped = (socket) => {
  socket.write(Buffer.concat([streamHead, httpChunk(stampedOpening(nowUs()))]));
  setTimeout(() => socket.write(lastChunks), restMs);
};

const answers = {
  json: (socket) => socket.write(json),
  stream: (socket) => streams.start(socket),
  slow: (socket) => slowStreams.start(socket),
  timed: (socket) => timedStreams.start(socket),
  stamped: sendStamped,
};

/** What a request head asks for. Undefined when it is none that the benchmark sends. */
const understand = (head) => {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const answer = answers[wantedAnswer.exec(head)?.[1] ?? ''];
  return length === undefined || answer === undefined ? undefined : { bodyBytes: Number(length), answer };
};

const serve = (socket) => {
  let kept = Buffer.alloc(0);
  let bodyBytesLeft = 0;
  let answer;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    if (answer === undefined) {
      const all = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
      const end = all.indexOf(headEnd);
      if (end === -1 && all.length < headBytesMax) {
        kept = all;
        return;
      }
      const asked = end === -1 ? undefined : understand(all.latin1Slice(0, end));
      if (asked === undefined) {
        socket.end(refusal);
        return;
      }
      kept = Buffer.alloc(0);
      answer = asked.answer;
      bodyBytesLeft = asked.bodyBytes - (all.length - end - headEnd.length);
    } else {
      bodyBytesLeft -= bytes.length;
    }
    if (bodyBytesLeft > 0) return;
    const send = answer;
    answer = undefined;
    send(socket);
  });
};

const server = createServer(serve);
server.listen(0, '127.0.0.1', 4_096, () => reportPort(server.address().port));
