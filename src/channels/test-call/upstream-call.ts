import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import type { AxiosResponse, AxiosStatic } from 'axios';
import { addressTurnMs } from '../../domain/address-turn.js';
import { allowedAmong, forbiddenAddressCode, howToAllow } from '../../domain/forbidden-address.js';
import { secondMs } from '../../domain/time.js';
import type { Received } from './test-answer.js';
import type { TestRequest } from './test-request.js';

export const testCallMsMax = 30_000;
/** Bytes that are read of an answer: a stream of 512 tokens has more than the 64 KiB that are shown. */
export const testReadBytesMax = 1024 * 1024;

/**
 * Each address of a name has the turn that it has in a call. No proxy is said in so many words, because the environment can give
 * agents one (NODE_USE_ENV_PROXY), which would look names up itself.
 */
const ours = { keepAlive: false, proxyEnv: undefined, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressTurnMs(10 * secondMs) };
const plain = new PlainAgent(ours);
/** Verification too is demanded in so many words, because the environment can switch the default off. */
const verifying = new Agent({ ...ours, rejectUnauthorized: true });

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

/** Codes only: messages of a client may quote the request. */
const sentenceOf = (error: unknown, signal: AbortSignal, msMax: number): string => {
  if (signal.aborted) return `there was no complete answer within ${Math.round(msMax / 1000)} seconds`;
  const code = codeOf(error);
  if (code === forbiddenAddressCode) return `the name leads to an address that is not allowed: ${howToAllow}`;
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_/.test(code)) return `the certificate cannot be trusted: ${code}`;
  return `the connection failed: ${code}`;
};

/** Every connection asks anew, so a name that has changed its mind gains nothing. */
const allowedAddresses = async (hostname: string): Promise<[addresses: LookupAddress[]]> => {
  const allowed = allowedAmong(await lookup(hostname, { all: true }));
  if (allowed instanceof Error) throw allowed;
  return [allowed];
};

const post = (axios: AxiosStatic, request: TestRequest, signal: AbortSignal, allowLinkLocal: boolean): Promise<AxiosResponse<Readable>> =>
  axios.request<Readable>({
    method: 'post',
    url: request.url,
    headers: { ...request.headers },
    data: Buffer.from(request.body),
    responseType: 'stream',
    maxRedirects: 0,
    // Every status is an answer here, and none of our requests goes through a proxy that the environment names.
    validateStatus: () => true,
    proxy: false,
    httpAgent: plain,
    httpsAgent: verifying,
    ...(allowLinkLocal ? {} : { lookup: allowedAddresses }),
    signal,
  });

const headerText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export interface TestCallTerms {
  /** The name may lead to link-local and cloud metadata addresses. An address in the URL is the caller's to look at. */
  readonly allowLinkLocal?: boolean;
}

/** Sends the request and reads what comes back. Never rejects; lasts at most `msMax`. */
export const callUpstream = async (request: TestRequest, msMax: number = testCallMsMax, { allowLinkLocal = false }: TestCallTerms = {}): Promise<Received> => {
  // Read when a channel is tested for the first time, because until then it would be memory for nothing; and before the
  // clock starts, because the upstream has no part in it.
  const { default: axios } = await import('axios');
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const signal = AbortSignal.timeout(msMax);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let firstByteMs: number | undefined;
  let response: AxiosResponse<Readable> | undefined;
  const received = (end: Received['end']): Received => ({
    status: response?.status,
    contentType: headerText(response?.headers['content-type']),
    body: Buffer.concat(chunks),
    end,
    durationMs: elapsed(),
    firstByteMs,
  });
  try {
    response = await post(axios, request, signal, allowLinkLocal);
    const { data } = response;
    const stop = (): void => void data.destroy(new Error('too late'));
    signal.addEventListener('abort', stop, { once: true });
    for await (const chunk of data) {
      if (!Buffer.isBuffer(chunk)) continue;
      firstByteMs ??= elapsed();
      chunks.push(chunk.subarray(0, testReadBytesMax - bytes));
      bytes += chunk.length;
      if (bytes >= testReadBytesMax) return received('cut');
    }
    return received('whole');
  } catch (error) {
    return received({ broke: sentenceOf(error, signal, msMax) });
  }
};
