import { EventTypes, namedError, unnamedError, isEndMark, type EventMeaning, type EventRules } from './event-rules.js';
import { valueAt } from './json-members.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import { responsesUsage, type Usage } from './usage.js';

/**
 * OpenAI Responses. An end is an end however it came about: `response.incomplete` (also by a content filter) and
 * `response.cancelled` tell the client all there is to tell. `[DONE]`, which some relays add, means nothing here.
 */
export class ResponsesEvents implements EventRules {
  error: UpstreamError | undefined;
  usage: Usage | undefined;
  isOver = false;
  readonly mayEndSilently = false;
  readonly #now: EpochMs;
  readonly #types = new EventTypes();

  constructor(now: EpochMs) {
    this.#now = now;
  }

  meaningOf(name: string, data: Buffer): EventMeaning {
    if (this.isOver) return 'announcement';
    const type = this.#types.typeOf(name, data);
    switch (type) {
      case 'response.output_text.delta':
        return 'content';
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return 'announcement';
      case 'keepalive':
      case 'ping':
        return 'heartbeat';
      case 'response.completed':
      case 'response.incomplete':
      case 'response.cancelled':
      case 'response.done':
        this.#readUsage(data);
        this.isOver = true;
        return 'content';
      case 'response.failed':
      case 'error':
        this.#readUsage(data);
        this.error = namedError(data, this.#now);
        return 'error';
      default:
        return type.startsWith('response.') ? 'content' : this.#unknown(data);
    }
  }

  /** The event repeats the whole request and answer, so only the one member is built. */
  #readUsage(data: Buffer): void {
    this.usage = responsesUsage(valueAt(data, 0, ['response', 'usage'])) ?? this.usage;
  }

  /** An event without a type, or with a strange one: often the bare error of a relay. */
  #unknown(data: Buffer): EventMeaning {
    const error = unnamedError(data, this.#now);
    if (error === undefined) return isEndMark(data) ? 'announcement' : 'content';
    this.error = error;
    return 'error';
  }
}
