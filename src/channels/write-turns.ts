/** Writes that may wait for their turn. */
export const waitingWritesMax = 100;

/** Lets one piece of work run at a time, in the order they came; `busy` when too many wait. */
export class WriteTurns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  async take<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    if (this.waiting >= waitingWritesMax) return 'busy';
    this.waiting += 1;
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }
}
