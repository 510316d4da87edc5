const numberOf = (name: string, fallback: number): number => {
  const text = process.env[name] ?? '';
  if (text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1, got ${JSON.stringify(text)}`);
  return value;
};

/** How often a property is tried: `runs` within the suite, `FUZZ_RUNS` in a long campaign. */
export const fuzzRuns = (runs: number): number => numberOf('FUZZ_RUNS', runs);

/** Time for that, in milliseconds: a long campaign has an hour. */
export const fuzzMsMax = (process.env['FUZZ_RUNS'] ?? '') === '' ? 20_000 : 3_600_000;

/** Idle connections held at once; the ten thousand of a long campaign need a system with files enough. */
export const idleConnections = numberOf('IDLE_CONNECTIONS', 1_000);
