/** Milliseconds since 1970-01-01 UTC, as `Date.now()` counts them. Policy receives it as an argument, never reads it. */
export type EpochMs = number;

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
