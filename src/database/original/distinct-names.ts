export interface NamedRow {
  readonly id: number;
  readonly name: string;
}

/** A name that nobody else has: the id behind it, and a counter when that is taken too. */
const freeName = ({ id, name }: NamedRow, taken: ReadonlySet<string>): string => {
  const withId = `${name}${id}`;
  let candidate = withId;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${withId}-${count}`;
  return candidate;
};

/**
 * One name per id, all different (case counts). Of several that share a name the one with the lowest id keeps it. A name that
 * somebody keeps is never given to another, so the result does not depend on the order of the rows.
 */
export const distinctNames = (rows: readonly NamedRow[]): ReadonlyMap<number, string> => {
  const byId = [...rows].sort((a, b) => a.id - b.id);
  const taken = new Set(byId.map(({ name }) => name));
  const kept = new Set<string>();
  const names = new Map<number, string>();
  for (const row of byId) {
    const name = kept.has(row.name) ? freeName(row, taken) : row.name;
    kept.add(row.name);
    taken.add(name);
    names.set(row.id, name);
  }
  return names;
};
