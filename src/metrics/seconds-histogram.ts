/** Counts of seconds per bound, as Prometheus wants them, kept in plain numbers. */
export class SecondsHistogram {
  /** Per bound, and one more for what is longer than all of them; not yet added up. */
  private readonly counts: number[];
  sum = 0;

  /** `bounds` in seconds, ascending; each belongs to its own class. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  add(seconds: number): void {
    let index = 0;
    while (index < this.bounds.length && seconds > (this.bounds[index] ?? Infinity)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += seconds;
  }

  get count(): number {
    return this.counts.reduce((total, count) => total + count, 0);
  }

  /** How many were at most as long as each bound. */
  get cumulative(): readonly number[] {
    let total = 0;
    return this.bounds.map((_, index) => (total += this.counts[index] ?? 0));
  }
}
