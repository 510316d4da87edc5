import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import type { SharedNews, WorkerStart } from './worker-messages.js';

/** How soon the others know where the ring has been turned to; every request turns it, so it is not told each time. */
const rotationEveryMs = 20;

/**
 * A worker's cooldowns and pointers, and the news of them in both directions. What cools and who probes is told at once: the
 * next request may be another worker's.
 */
export class SharedView {
  readonly cooldowns: MemoryCooldownBook;
  readonly rotation = new MemoryRotationCursor();
  readonly #send: (news: SharedNews) => void;
  #timer: NodeJS.Timeout | undefined;
  #isSoon = false;
  #isHearing = false;

  constructor({ cooldowns, rotation }: Pick<WorkerStart, 'cooldowns' | 'rotation'>, send: (news: SharedNews) => void) {
    this.#send = send;
    this.cooldowns = new MemoryCooldownBook({ random: Math.random, onPlaceChange: () => this.#soon() });
    this.cooldowns.restore(cooldowns, Date.now());
    this.cooldowns.onChange(() => this.#soon());
    this.rotation.restore(rotation);
  }

  /** From now on what changes here is told. */
  begin(): void {
    this.#timer = setInterval(() => this.#tell(), rotationEveryMs);
  }

  /** Tells what is left to tell. */
  end(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  /** What happened elsewhere is true here. */
  hear({ cooldowns, places, rotation }: SharedNews): void {
    const now = Date.now();
    this.#isHearing = true;
    for (const change of cooldowns) this.cooldowns.adopt(change, now);
    this.#isHearing = false;
    for (const place of places) this.cooldowns.adoptPlace(place);
    for (const position of rotation) this.rotation.adopt(position);
  }

  /** Once for everything that one event brings about. */
  #soon(): void {
    if (this.#isSoon || this.#isHearing) return;
    this.#isSoon = true;
    queueMicrotask(() => {
      this.#isSoon = false;
      this.#tell();
    });
  }

  #tell(): void {
    const news: SharedNews = {
      cooldowns: this.cooldowns.takeChanges(),
      places: this.cooldowns.takePlaceChanges(),
      rotation: this.rotation.takeChanges(),
    };
    if (news.cooldowns.length + news.places.length + news.rotation.length > 0) this.#send(news);
  }
}
