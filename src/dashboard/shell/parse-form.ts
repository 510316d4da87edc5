/** The longest that a field of ours may hold: 500 models of 256 characters, one a line. */
const valueCharsMax = 160_000;

/** What a form posted, field by field; a field that did not come is empty, and of one that came twice the last counts. */
export const formValues = <Name extends string>(body: unknown, names: readonly Name[]): Readonly<Record<Name, string>> => {
  const posted = new Map<string, unknown>(typeof body === 'object' && body !== null ? Object.entries(body) : []);
  const valueOf = (name: Name): string => {
    const value = posted.get(name);
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    return typeof last === 'string' ? last.slice(0, valueCharsMax) : '';
  };
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>;
};
