import type { IncomingMessage } from 'node:http';

/** A body is given up when nothing of it has come for this long … */
export const bodySilenceMsMax = 30_000;
/** … or when it has taken this long altogether. */
export const bodyTotalMsMax = 300_000;

export type RequestBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'client-left' };

/** Milliseconds. */
export interface BodyLimits {
  readonly bytesMax: number;
  readonly silenceMs: number;
  readonly totalMs: number;
}

/** Reads the body whole: it may have to be sent more than once. It is held once, and never beyond `bytesMax`. */
export const readRequestBody = (request: IncomingMessage, limits: BodyLimits): Promise<RequestBody> => {
  if (Number(request.headers['content-length'] ?? 0) > limits.bytesMax) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (body: RequestBody): void => {
      clearTimeout(silence);
      clearTimeout(total);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      request.on('error', ignore);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) {
        settle({ kind: 'too-large' });
        return;
      }
      chunks.push(chunk);
      silence.refresh();
    };
    const onEnd = (): void => {
      settle({ kind: 'body', bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes) });
    };
    const onClose = (): void => settle({ kind: 'client-left' });
    const onSlow = (): void => settle({ kind: 'too-slow' });
    const silence = setTimeout(onSlow, limits.silenceMs);
    const total = setTimeout(onSlow, limits.totalMs);
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
};

/** A socket that breaks after its body was settled has nothing more to tell. */
const ignore = (): void => undefined;
