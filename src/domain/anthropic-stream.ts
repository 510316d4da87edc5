import { EventTypes, namedError, unnamedError, isEndMark, type EventMeaning, type EventRules } from './event-rules.js';
import { valueAt } from './json-members.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import { anthropicUsage, type Usage } from './usage.js';

/**
 * Anthropic Messages. `message_start` and `ping` announce; `message_stop` ends. Everything else commits, an empty
 * `content_block_start` and events not yet invented included: better early than withheld. A refusal is an answer.
 */
export class AnthropicEvents implements EventRules {
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
      case 'content_block_delta':
        return 'content';
      case 'ping':
        return 'heartbeat';
      case 'message_start':
        this.usage = anthropicUsage(valueAt(data, 0, ['message', 'usage']), this.usage);
        return 'announcement';
      case 'message_delta':
        this.usage = anthropicUsage(valueAt(data, 0, ['usage']), this.usage);
        return 'content';
      case 'message_stop':
        this.isOver = true;
        return 'content';
      case 'error':
        this.error = namedError(data, this.#now);
        return 'error';
      default:
        return type.startsWith('content_block_') ? 'content' : this.#unknown(data);
    }
  }

  /** An event without a type, or with a strange one: often the bare error of a relay. */
  #unknown(data: Buffer): EventMeaning {
    const error = unnamedError(data, this.#now);
    if (error === undefined) return isEndMark(data) ? 'announcement' : 'content';
    this.error = error;
    return 'error';
  }
}
