import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { probeHoldMsFor, type ProbeTimes } from '../cooldown/probe-places.js';
import { SharedCooldowns } from '../cooldown/shared-cooldowns.js';
import { secondMs } from '../domain/time.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import { WorkerLine } from './worker-line.js';
import type { SharedNews, WorkerStart } from './worker-messages.js';

/** How soon the others know where the ring has been turned to; every request turns it, so it is not told each time. */
const rotationEveryMs = 20;

/** A worker's cooldowns and pointers, and the news of them in both directions. */
export class SharedView {
  readonly cooldowns: MemoryCooldownBook;
  readonly rotation = new MemoryRotationCursor();
  readonly #send: (news: SharedNews) => void;
  readonly #line: WorkerLine;
  readonly #shared: SharedCooldowns;
  readonly #timers: NodeJS.Timeout[] = [];

  /** `times`: what the configuration allows an attempt. */
  constructor({ cooldowns, rotation }: Pick<WorkerStart, 'cooldowns' | 'rotation'>, times: ProbeTimes, send: (news: SharedNews) => void) {
    this.cooldowns = new MemoryCooldownBook({ random: Math.random, probeHoldMs: probeHoldMsFor(times) });
    this.#send = send;
    this.#line = new WorkerLine((news) => send({ news, rotation: [] }));
    // Nothing is missed on the channel between processes: when it breaks, this one ends.
    this.#shared = new SharedCooldowns(this.cooldowns, this.#line, () => undefined);
    this.cooldowns.restore(cooldowns, Date.now());
    this.rotation.restore(rotation);
  }

  /** From now on what changes here is told. */
  begin(): void {
    this.#shared.begin();
    this.#timers.push(setInterval(() => this.#tellRotation(), rotationEveryMs));
    this.#timers.push(setInterval(() => this.#shared.renewProbes(), secondMs));
  }

  /** Tells what is left to tell. */
  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#shared.end();
    this.#tellRotation();
  }

  /** What happened elsewhere is true here. */
  hear({ news, rotation }: SharedNews, from: string): void {
    for (const each of news) this.#line.hear(each, from);
    for (const position of rotation) this.rotation.adopt(position);
  }

  #tellRotation(): void {
    const rotation = this.rotation.takeChanges();
    if (rotation.length > 0) this.#send({ news: [], rotation });
  }
}
