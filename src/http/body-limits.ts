import type { IncomingMessage } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import { problemEnveloped } from './envelope.js';
import { TryLaterException } from './problem-filter.js';
import { isUpload, uploadBytesMax } from './uploaded-file.js';

/** What the bodies of one kind of requests may cost. Bytes and milliseconds. */
export interface BodyTerms {
  /** Of one body, after decompression. */
  readonly bytesMax: number;
  /** Of all bodies that are under way or being answered, by what each may have: its length, or `bytesMax` if it names none. */
  readonly allBytesMax: number;
  /** A body is given up when nothing of it has come for this long, at worst for twice as long … */
  readonly silenceMs: number;
  /** … or when it has taken this long altogether. A multiple of `silenceMs`, because both are looked at together. */
  readonly totalMs: number;
}

/** Logging in takes a password. Those who have not cannot take the room of those who have. */
export const strangersBodies: BodyTerms = { bytesMax: 16 * 1024, allBytesMax: 4 * 1024 * 1024, silenceMs: 10_000, totalMs: 30_000 };
export const operatorsBodies: BodyTerms = { bytesMax: 1024 * 1024, allBytesMax: 32 * 1024 * 1024, silenceMs: 30_000, totalMs: 300_000 };
/** A file and its wrapping. The reader of files refuses what is larger, and reads on meanwhile, so that browsers hear of it. */
const uploads: BodyTerms = { ...operatorsBodies, bytesMax: uploadBytesMax + 64 * 1024, allBytesMax: 64 * 1024 * 1024 };

export const tooLarge = ({ bytesMax }: BodyTerms): HttpException => new HttpException(`the body must be at most ${bytesMax} bytes`, 413);
const tooMany = (): HttpException => new TryLaterException(503, 'too many bodies are being read; send this again in a moment', 5_000);

const terms = new WeakMap<IncomingMessage, BodyTerms>();

/** Under which terms the body of a request is read; `undefined` when it has none or it is left alone. */
export const termsOf = (request: IncomingMessage): BodyTerms | undefined => terms.get(request);

/** Answers in place of whoever waits for the body. */
const answer = (response: Response, problem: HttpException): void => {
  if (!response.headersSent) response.status(problem.getStatus()).json(problemEnveloped(problem.message));
};

/**
 * Looks at the connection, not at the body: a listener would take the bytes from a reader that begins later. Calls `over`
 * once the request is answered or its connection gone, of which an answer that waits for others before it hears nothing.
 */
const watch = (request: Request, response: Response, { silenceMs, totalMs }: BodyTerms, over: () => void): void => {
  const { socket } = request;
  const begunAt = performance.now();
  let seenBytes = socket.bytesRead;
  const end = (): void => {
    clearInterval(timer);
    response.off('close', end);
    over();
  };
  const look = (): void => {
    if (socket.destroyed) return end();
    const isSilent = socket.bytesRead === seenBytes;
    seenBytes = socket.bytesRead;
    if (request.complete || (!isSilent && performance.now() - begunAt < totalMs)) return;
    if (!response.headersSent) response.set('Connection', 'close');
    answer(response, new HttpException('the body did not arrive in time', 408));
  };
  const timer = setInterval(look, silenceMs);
  response.once('close', end);
};

/** The parsers know the bound too, but tell of it only when the whole body has come. */
const countChunks = (request: Request, response: Response, terms: BodyTerms): void => {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > terms.bytesMax) answer(response, tooLarge(terms));
  });
};

/** What the bodies of one kind take together, and may. */
class Room {
  #takenBytes = 0;
  constructor(private readonly terms: BodyTerms) {}

  /** The way to give back what this body has taken; `undefined` when there is no room for it. */
  take({ headers }: Request): (() => void) | undefined {
    const { bytesMax, allBytesMax } = this.terms;
    const length = Number(headers['content-length'] ?? bytesMax);
    const bytes = headers['content-encoding'] === undefined ? Math.min(length, bytesMax) : bytesMax;
    if (this.#takenBytes + bytes > allBytesMax) return undefined;
    this.#takenBytes += bytes;
    return () => void (this.#takenBytes -= bytes);
  }
}

const hasBody = ({ method, headers }: Request): boolean =>
  // What comes with these means nothing (RFC 9110 §9.3.1).
  method !== 'GET' && method !== 'HEAD' && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);

/** Decides whether the body of a request is read, and watches it. The parsers must follow at once: chunks are counted as they come. */
export const limitBodies = (isOperator: (request: Request) => boolean): RequestHandler => {
  const rooms = new Map([strangersBodies, operatorsBodies, uploads].map((each) => [each, new Room(each)]));
  const kindOf = (request: Request): BodyTerms => {
    if (!isOperator(request)) return strangersBodies;
    return isUpload(request) ? uploads : operatorsBodies;
  };
  return (request, response, next) => {
    if (!hasBody(request)) return next();
    // Nobody is there any more who could be answered.
    if (request.socket.destroyed) return;
    const kind = kindOf(request);
    if (kind !== uploads && Number(request.headers['content-length'] ?? 0) > kind.bytesMax) return next(tooLarge(kind));
    const giveBack = rooms.get(kind)?.take(request);
    if (giveBack === undefined) return next(tooMany());
    terms.set(request, kind);
    watch(request, response, kind, giveBack);
    if (kind !== uploads) countChunks(request, response, kind);
    next();
  };
};
