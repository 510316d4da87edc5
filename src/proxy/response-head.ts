import type { Dispatcher } from 'undici';
import type { HeaderLookup } from '../domain/outcome.js';
import { firstValue, type RawHeaders } from './headers.js';

/** Status line and headers of an upstream's answer. */
export class ResponseHead {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: RawHeaders;
  /** `text/event-stream`, whatever parameters follow (WHATWG HTML §9.2). */
  readonly isEventStream: boolean;

  constructor(status: number, statusMessage: string, rawHeaders: Dispatcher.DispatchController['rawHeaders']) {
    this.status = status;
    this.statusMessage = relayableReason(statusMessage);
    this.headers = asStrings(rawHeaders);
    this.isEventStream = this.header('content-type')?.trimStart().toLowerCase().startsWith('text/event-stream') === true;
  }

  /** First value of a header by its lower-case name. */
  readonly header: HeaderLookup = (name) => firstValue(this.headers, name);

  /** The content coding; `undefined` when the bytes are what they say. */
  get encoding(): string | undefined {
    const encoding = this.header('content-encoding')?.trim().toLowerCase();
    return encoding === 'identity' || encoding === '' ? undefined : encoding;
  }

  /** The length was announced: not a byte may be added. */
  get hasLength(): boolean {
    return this.header('content-length') !== undefined;
  }
}

/**
 * undici reads the reason phrase as UTF-8; these are the bytes it came as. Some relays write theirs in Chinese, and a hostile
 * one could write what Node refuses to send: that one is left out, because nobody may rely on it (RFC 9112 §4).
 */
const relayableReason = (reason: string): string => {
  if (/^[\t\x20-\x7e]*$/.test(reason)) return reason;
  const bytes = Buffer.from(reason).toString('latin1');
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(bytes) && !reason.includes('\ufffd') ? bytes : '';
};

/** undici hands headers over as Buffers in wire order; latin1 keeps every byte (RFC 9110 §5.5). */
const asStrings = (headers: Dispatcher.DispatchController['rawHeaders']): RawHeaders =>
  Array.isArray(headers) ? headers.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
