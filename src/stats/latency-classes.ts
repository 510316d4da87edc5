import { latencyBoundsSeconds } from '../domain/latency-bounds.js';

export const latencyClassesMax = latencyBoundsSeconds.length + 1;

/**
 * The latency in seconds that a share `quantile` (0 to 1) of the counted requests did not exceed; `undefined` when none
 * was counted. Inside a class requests are taken to be spread evenly, so the error is less than the class is wide. Of the
 * open class only the beginning is known, and that is the answer there.
 */
export const latencyQuantile = (counts: readonly number[], quantile: number): number | undefined => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let below = 0;
  for (const [index, upper] of latencyBoundsSeconds.entries()) {
    const count = counts[index] ?? 0;
    const lower = latencyBoundsSeconds[index - 1] ?? 0;
    if (count > 0 && below + count >= quantile * total) return lower + ((quantile * total - below) / count) * (upper - lower);
    below += count;
  }
  return latencyBoundsSeconds.at(-1);
};
