/**
 * How many bytes the bodies of all requests under way may take together. A body is kept until its request ends, because
 * it may have to be sent again, so without this bound a crowd of large ones would decide how much memory there is.
 */
export class BodyBudget {
  readonly bytesMax: number;
  /** Bodies that were turned away because there was no room. */
  refused = 0;
  #held = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  /** False: there is no room, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.bytesMax) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

/** What one request has taken of the budget. Whoever opened it releases it, once, when the request has ended. */
export class BodyShare {
  readonly #budget: BodyBudget;
  #bytes = 0;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  /** From now on the body takes `bytes` in all, never less than before. False, and counted: there is no room for it. */
  growTo(bytes: number): boolean {
    if (bytes <= this.#bytes) return true;
    if (!this.#budget.take(bytes - this.#bytes)) {
      this.#budget.refused++;
      return false;
    }
    this.#bytes = bytes;
    return true;
  }

  /** A share of its own in the same budget, for what is held less long. */
  another(): BodyShare {
    return new BodyShare(this.#budget);
  }

  release(): void {
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
  }
}
