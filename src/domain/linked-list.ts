/** A member of a linked list. Only the list it is in may set these. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/**
 * A doubly linked list of members that carry their own links, for what comes and goes with every request.
 *
 * A Set or Map that is added to and deleted from all the time outgrows its table again and again, and the table it outgrew
 * keeps a pointer to the next one: from the day one of them is old, every later one outlives the collections of young values,
 * and with it all that was in it. Who leaves this list points to nobody, so an old member never holds on to a young one.
 * Measured on Node 20 (V8's --trace-gc-nvp) for the calls under way, 64 connections: 1.65 MB instead of 0.19 promoted each
 * time, 142 µs a request instead of 120; with bodies of 115 KB a full collection every 150 ms instead of none, 354 µs
 * instead of 264.
 */
export class LinkedList<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;

  get first(): T | undefined {
    return this.#first;
  }

  /** The member must be in no list. */
  append(member: T): void {
    member.before = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
  }

  /** The member must be in this list. */
  remove(member: T): void {
    const { before, after } = member;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    member.before = undefined;
    member.after = undefined;
  }

  moveToEnd(member: T): void {
    if (member === this.#last) return;
    this.remove(member);
    this.append(member);
  }

  /** From the first to the last; a member that leaves while it is looked at ends the walk. */
  *[Symbol.iterator](): Generator<T> {
    for (let member = this.#first; member !== undefined; member = member.after) yield member;
  }
}
