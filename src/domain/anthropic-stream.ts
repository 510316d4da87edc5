import { TypedEvents, type EventMeaning } from './event-rules.js';
import { valueAt } from './json-members.js';
import { anthropicUsage } from './usage.js';

/**
 * Anthropic Messages. `message_start` and `ping` announce; `message_stop` ends. Everything else commits, an empty
 * `content_block_start` and events not yet invented included: better early than withheld. A refusal is an answer.
 */
export class AnthropicEvents extends TypedEvents {
  protected override meaningOfType(type: string, data: Buffer): EventMeaning {
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
        return this.failed(data);
      default:
        return type.startsWith('content_block_') ? 'content' : this.unknown(data);
    }
  }
}
