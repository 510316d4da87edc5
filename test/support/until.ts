import { setTimeout as sleep } from 'node:timers/promises';

const waitMsMax = 5_000;
const pollEveryMs = 5;

/** Looks again and again until there is something to see, at most `waitMs`; then fails with what was waited for. */
export const until = async <T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  waitMs: number = waitMsMax,
): Promise<T> => {
  const giveUpAt = Date.now() + waitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() >= giveUpAt) throw new Error(`waited ${waitMs} ms in vain for ${what}`);
    await sleep(pollEveryMs);
  }
};
