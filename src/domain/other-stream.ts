import { ChatEvents } from './chat-stream.js';
import { EventTypes, type EventMeaning, type EventRules } from './event-rules.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

const isClosingType = (type: string): boolean => type.endsWith('.done') || type.endsWith('.completed');

/**
 * Streams of other OpenAI paths (speech, transcriptions, images, and what is yet to come). Where events have types such as
 * `speech.audio.delta`, the stream is whole when the last one is a `….done` or `….completed`; `[DONE]` ends it for good.
 * A stream without types has no closing event that we know, so its clean end is believed.
 */
export class OtherEvents implements EventRules {
  readonly #chat: ChatEvents;
  readonly #types = new EventTypes();
  #hasTypes = false;
  #closed = false;

  constructor(now: EpochMs) {
    this.#chat = new ChatEvents(now);
  }

  meaningOf(name: string, data: Buffer): EventMeaning {
    const meaning = this.#chat.meaningOf(name, data);
    const type = this.#types.typeOf(name, data);
    if (type.includes('.')) this.#hasTypes = true;
    if (type !== '') this.#closed = isClosingType(type);
    return meaning;
  }

  get error(): UpstreamError | undefined {
    return this.#chat.error;
  }

  get usage(): Usage | undefined {
    return this.#chat.usage;
  }

  get isOver(): boolean {
    return this.#closed || this.#chat.isOver;
  }

  get mayEndSilently(): boolean {
    return !this.#hasTypes;
  }
}
