/** How often the crash campaign kills: `CRASH_KILLS`, or the number that fits into the suite. */
export const killsWanted = (usual: number): number => {
  const given = process.env['CRASH_KILLS'];
  if (given === undefined) return usual;
  const kills = Number(given);
  if (!Number.isInteger(kills) || kills < 1 || kills > 10_000) throw new Error(`CRASH_KILLS must be a whole number from 1 to 10000, got "${given}"`);
  return kills;
};
