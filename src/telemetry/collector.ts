import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { addressTurnMs } from '../domain/address-turn.js';
import { forbiddenAddressCode, howToAllow, isForbiddenAddress } from '../domain/forbidden-address.js';
import { secondMs } from '../domain/time.js';
import type { NamedValues } from '../config/telemetry-variable.js';
import { guardedLookup } from '../proxy/guarded-connect.js';
import type { CollectorNews, Signal } from './collector-news.js';
import type { MetricsRequest, TraceRequest } from './otlp.js';
import { protobufOf } from './otlp-protobuf.js';

/** What became of one export. */
export type Delivery =
  | { readonly kind: 'taken' }
  /** The same bytes may be taken later; `waitMs` when the collector said how much later. */
  | { readonly kind: 'busy'; readonly problem: string; readonly waitMs: number | undefined }
  /** They never will be. */
  | { readonly kind: 'refused'; readonly problem: string };

export interface CollectorTerms {
  readonly endpoint: string;
  readonly headers: NamedValues;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly timeoutMs: number;
  readonly allowLinkLocal: boolean;
  /** Hears how every export ended. */
  readonly news: Pick<CollectorNews, 'failed' | 'succeeded'>;
}

/** Bytes read of an answer; nothing of it is needed, but a connection whose answer was read can be used again. */
const answerBytesMax = 64 * 1024;
/** These may be repeated (OTLP/HTTP, "retryable response codes"). */
const busyStatuses = new Set([429, 502, 503, 504]);
const waitSecondsMax = 60;

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('name' in error && error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
};

/** Codes only: the message of an error may quote what was sent. */
const sentenceOf = (error: unknown): string =>
  codeOf(error) === forbiddenAddressCode ? `its address is not allowed: ${howToAllow}` : codeOf(error);

/** The OpenTelemetry collector: takes traces and metrics by HTTP. Redirects are not followed, headers may be credentials. */
export class Collector {
  private readonly agent: Agent;
  private readonly headers: Record<string, string>;

  constructor(private readonly terms: CollectorTerms) {
    const guard = terms.allowLinkLocal ? {} : { lookup: guardedLookup(lookup) };
    const turns = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressTurnMs(terms.timeoutMs) };
    this.agent = new Agent({ connections: 2, connect: { rejectUnauthorized: true, timeout: terms.timeoutMs, ...turns, ...guard } });
    const contentType = terms.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
    this.headers = { ...Object.fromEntries(terms.headers), 'content-type': contentType };
  }

  /** Builds one message, sends it and says what became of it; never rejects, lasts at most `timeoutMs`. */
  async send(signal: Signal, build: () => TraceRequest | MetricsRequest): Promise<Delivery> {
    const delivery = await this.deliver(signal, build);
    if (delivery.kind === 'taken') this.terms.news.succeeded(signal);
    else this.terms.news.failed(signal, delivery.problem);
    return delivery;
  }

  /** Ends every connection at once. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async deliver(signal: Signal, build: () => TraceRequest | MetricsRequest): Promise<Delivery> {
    let body: Buffer;
    try {
      body = this.bytesOf(build());
    } catch (bug) {
      // Sent again, it would be a bug again.
      return { kind: 'refused', problem: `the message could not be written (${bug instanceof Error ? bug.name : 'a bug'})` };
    }
    try {
      return await this.post(`${this.terms.endpoint}/v1/${signal}`, body);
    } catch (error) {
      return { kind: 'busy', problem: sentenceOf(error), waitMs: undefined };
    }
  }

  private bytesOf(message: TraceRequest | MetricsRequest): Buffer {
    return this.terms.protocol === 'http/json' ? Buffer.from(JSON.stringify(message)) : protobufOf(message);
  }

  private async post(url: string, body: Buffer): Promise<Delivery> {
    const hostname = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (!this.terms.allowLinkLocal && isIP(hostname) !== 0 && isForbiddenAddress(hostname)) {
      return { kind: 'refused', problem: `its address is not allowed: ${howToAllow}` };
    }
    const { timeoutMs } = this.terms;
    const answer = await request(url, { method: 'POST', headers: this.headers, body, dispatcher: this.agent, signal: AbortSignal.timeout(timeoutMs) });
    await answer.body.dump({ limit: answerBytesMax });
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode <= 299) return { kind: 'taken' };
    const problem = `it answers with status ${statusCode}`;
    if (!busyStatuses.has(statusCode)) return { kind: 'refused', problem };
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    return { kind: 'busy', problem, waitMs: seconds >= 0 ? Math.min(seconds, waitSecondsMax) * secondMs : undefined };
  }
}
