// Counts latencies in steps of 1 %, from 1 µs to a minute: constant memory, however many.

const step = Math.log(1.01);
const usMax = 60_000_000;
const bucketOf = (us) => Math.round(Math.log(Math.min(Math.max(us, 1), usMax)) / step);

export class Latencies {
  #counts = new Uint32Array(bucketOf(usMax) + 1);
  #total = 0;
  #maxUs = 0;

  add(us) {
    this.#counts[bucketOf(us)]++;
    this.#total++;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** The latency, in µs, that `share` (0 to 1) of all stayed within; 0 when there were none. */
  percentile(share) {
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket];
      if (seen > 0 && seen >= share * this.#total) return Math.exp(bucket * step);
    }
    return 0;
  }

  get summaryUs() {
    return { p50: this.percentile(0.5), p90: this.percentile(0.9), p99: this.percentile(0.99), max: this.#maxUs };
  }
}
