import type { Dialect } from '../domain/dialect.js';
import type { CallerTrace } from '../domain/trace-context.js';
import type { Downstream } from './downstream.js';
import type { RawHeaders } from './headers.js';
import type { LiveCall } from './in-flight.js';

/** One client request that wants a model's answer, understood and ready to be delivered. */
export interface ModelCall {
  readonly requestId: string;
  readonly dialect: Dialect;
  /** Request target without query. */
  readonly path: string;
  /** Request target as it came, percent-encoding and query included. */
  readonly target: string;
  readonly model: string;
  readonly isStreaming: boolean;
  readonly session: string | undefined;
  /** The client's headers that may go upstream. */
  readonly headers: RawHeaders;
  readonly body: Buffer;
  readonly downstream: Downstream;
  readonly live: LiveCall;
  readonly clientIp: string;
  readonly tokenLabel: string;
  readonly caller: CallerTrace | undefined;
}
