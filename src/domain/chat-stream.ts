import { endOfContainer } from './container-end.js';
import { namedError, unnamedError, isEndMark, type EventMeaning, type EventRules } from './event-rules.js';
import { colon, openBrace, parseSlice, quote, skipSpace } from './json-bytes.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import { chatUsage, type Usage } from './usage.js';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without its first quote, which would stop the search at every string. */
const usageKeyTail = Buffer.from('usage"');

const saysNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

const isEmptyDelta = (delta: unknown): boolean =>
  saysNothing(delta) || (isFields(delta) && Object.entries(delta).every(([key, value]) => key === 'role' || saysNothing(value)));

const isEmptyChoice = (choice: unknown): boolean =>
  isFields(choice) && [choice['finish_reason'], choice['text'], choice['message']].every(saysNothing) && isEmptyDelta(choice['delta']);

/**
 * A chunk that only names the role is this dialect's `message_start`: relays send it before their own upstream has
 * answered, and an error right after it must still be another channel's turn. So is a chunk without choices (prompt filter
 * results), unless it reports usage: that is the last one.
 */
const isAnnouncement = (chunk: unknown): boolean => {
  if (!isFields(chunk)) return false;
  const { choices, usage } = chunk;
  return Array.isArray(choices) && choices.every(isEmptyChoice) && saysNothing(usage);
};

/**
 * OpenAI chat completions and completions. `[DONE]` ends. Chunks are parsed until the first one with content; after that
 * only the bytes `"usage"` and `"error"` are looked for, which inside strings would be escaped.
 */
export class ChatEvents implements EventRules {
  error: UpstreamError | undefined;
  usage: Usage | undefined;
  isOver = false;
  readonly mayEndSilently = false;
  readonly #now: EpochMs;
  #hasAnnounced = false;
  #hasBegun = false;

  constructor(now: EpochMs) {
    this.#now = now;
  }

  meaningOf(name: string, data: Buffer): EventMeaning {
    if (this.isOver) return 'announcement';
    // Relays that translate another dialect let its heartbeats through.
    if (name === 'ping' || name === 'keepalive') return 'heartbeat';
    if (isEndMark(data)) return this.#end();
    const error = name === 'error' ? namedError(data, this.#now) : unnamedError(data, this.#now);
    if (error !== undefined) {
      this.error = error;
      return 'error';
    }
    this.#readUsage(data);
    if (!this.#hasBegun) this.#hasBegun = !isAnnouncement(parseSlice(data, 0, data.length));
    this.#hasAnnounced = true;
    return this.#hasBegun ? 'content' : 'announcement';
  }

  /** `[DONE]` alone is no answer: relays send it when their upstream gave them nothing. */
  #end(): EventMeaning {
    this.isOver = this.#hasAnnounced;
    return this.#hasAnnounced ? 'content' : 'announcement';
  }

  /** At any depth: some providers report it inside the choice. */
  #readUsage(data: Buffer): void {
    for (let at = data.indexOf(usageKeyTail); at !== -1; at = data.indexOf(usageKeyTail, at + 1)) {
      const colonAt = skipSpace(data, at + usageKeyTail.length);
      const start = skipSpace(data, colonAt + 1);
      if (data[at - 1] !== quote || data[colonAt] !== colon || data[start] !== openBrace) continue;
      const end = endOfContainer(data, start);
      if (end !== -1) this.usage = chatUsage(parseSlice(data, start, end)) ?? this.usage;
    }
  }
}
