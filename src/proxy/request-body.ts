import type { IncomingMessage } from 'node:http';
import type { BodyShare } from './body-budget.js';
import { GatheredBytes } from './gathered-bytes.js';

/** A body is given up when nothing of it has come for this long … */
export const bodySilenceMsMax = 30_000;
/** … or when it has taken this long altogether. */
export const bodyTotalMsMax = 300_000;

export type RequestBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** The bodies of all requests together have reached their bound. */
  | { readonly kind: 'no-room' }
  | { readonly kind: 'client-left' };

/** Bytes and milliseconds. */
export interface BodyLimits {
  readonly bytesMax: number;
  readonly silenceMs: number;
  readonly totalMs: number;
}

/**
 * Reads the body whole: it may have to be sent more than once. It is held once, never beyond `bytesMax`, and what it takes
 * is taken from `share`, which the caller releases when the request has ended.
 */
export const readRequestBody = (request: IncomingMessage, limits: BodyLimits, share: BodyShare): Promise<RequestBody> => {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.bytesMax) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const gathered = new GatheredBytes(announced, limits.bytesMax);
    const begunAt = performance.now();
    let lastByteAt = begunAt;
    let isSettled = false;
    // The listeners stay, deaf: taking them off costs more than it frees, and a socket that breaks later still finds one.
    const settle = (body: RequestBody): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      gathered.forget();
      resolve(body);
    };
    // One timer per body, set anew only when it fires: a chunk costs an assignment, not a timer.
    const watch = (): void => {
      const now = performance.now();
      const leftMs = Math.min(limits.silenceMs - (now - lastByteAt), limits.totalMs - (now - begunAt));
      if (leftMs <= 0) settle({ kind: 'too-slow' });
      else timer = setTimeout(watch, Math.ceil(leftMs));
    };
    const onClose = (): void => settle({ kind: 'client-left' });
    let timer = setTimeout(watch, Math.min(limits.silenceMs, limits.totalMs));
    request
      .on('data', (chunk: Buffer) => {
        if (isSettled) return;
        lastByteAt = performance.now();
        if (gathered.bytes + chunk.length > limits.bytesMax) settle({ kind: 'too-large' });
        else if (!share.growTo(gathered.roomFor(chunk.length))) settle({ kind: 'no-room' });
        else gathered.push(chunk);
      })
      .on('end', () => settle({ kind: 'body', bytes: gathered.whole() }))
      .on('close', onClose)
      .on('error', onClose);
  });
};
