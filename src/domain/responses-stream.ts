import { TypedEvents, type EventMeaning } from './event-rules.js';
import { valueAt } from './json-members.js';
import { responsesUsage } from './usage.js';

/**
 * OpenAI Responses. An end is an end however it came about: `response.incomplete` (also by a content filter) and
 * `response.cancelled` tell the client all there is to tell. `[DONE]`, which some relays add, means nothing here.
 */
export class ResponsesEvents extends TypedEvents {
  protected override meaningOfType(type: string, data: Buffer): EventMeaning {
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
        return this.failed(data);
      default:
        return type.startsWith('response.') ? 'content' : this.unknown(data);
    }
  }

  /** The event repeats the whole request and answer, so only the one member is built. */
  #readUsage(data: Buffer): void {
    this.usage = responsesUsage(valueAt(data, 0, ['response', 'usage'])) ?? this.usage;
  }
}
