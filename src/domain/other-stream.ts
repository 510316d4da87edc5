import { ChatEvents } from './chat-stream.js';
import { EventTypes, type EventMeaning, type EventRules } from './event-rules.js';
import { JsonMembers } from './json-members.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

/** Without its first quote, which would stop the search at every string. */
const choicesKeyTail = Buffer.from('choices"');

/** A chunk of a chat or a completion, whatever else it holds. */
const hasChoices = (data: Buffer): boolean => {
  if (!data.includes(choicesKeyTail)) return false;
  const members = new JsonMembers(data);
  while (members.next()) if (members.keyIs('choices')) return true;
  return false;
};

const isClosingType = (type: string): boolean => type.endsWith('.done') || type.endsWith('.completed');

/**
 * Streams of other OpenAI paths (speech, transcriptions, images, and what is yet to come). Where events have types such as
 * `speech.audio.delta`, the stream is whole when the last one is a `….done` or `….completed`; `[DONE]` ends it for good.
 * A stream without types has no closing event that we know, so its clean end is believed; unless it brings chunks with
 * `choices`: relays offer chat at paths of their own, and everywhere `[DONE]` ends it.
 */
export class OtherEvents implements EventRules {
  readonly #chat: ChatEvents;
  readonly #types = new EventTypes();
  #hasTypes = false;
  #isChat = false;
  #closed = false;

  constructor(now: EpochMs) {
    this.#chat = new ChatEvents(now);
  }

  meaningOf(name: string, data: Buffer): EventMeaning {
    const meaning = this.#chat.meaningOf(name, data);
    const type = this.#types.typeOf(name, data);
    if (type.includes('.')) this.#hasTypes = true;
    if (type !== '') this.#closed = isClosingType(type);
    if (!this.#isChat) this.#isChat = hasChoices(data);
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
    return !this.#hasTypes && !this.#isChat;
  }
}
