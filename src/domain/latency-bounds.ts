/** Upper bounds of the classes that latencies are counted in, in seconds; one more class holds whatever took longer. */
export const latencyBoundsSeconds = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300] as const;

/** All that counts by class say of a latency in seconds: it was not above `atMost`, or not below `atLeast`. */
export type LatencyBound = { readonly atMost: number } | { readonly atLeast: number };

/** The bound of the class that an estimate in seconds lies in. The last bound stands for the open class too. */
export const latencyBound = (seconds: number): LatencyBound => {
  const longest = Math.max(...latencyBoundsSeconds);
  if (seconds >= longest) return { atLeast: longest };
  return { atMost: latencyBoundsSeconds.find((bound) => seconds <= bound) ?? longest };
};
