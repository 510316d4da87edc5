const valueCharsMax = 65_536;

/** A field of a form as its partial shows it. */
export interface FieldView {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'url' | 'number' | 'textarea';
  readonly value: string;
  readonly hint?: string;
  /** What is wrong with the value, as a sentence. */
  readonly error?: string;
  readonly isRequired?: boolean;
  readonly autocomplete?: string;
}

/** What a form posted, field by field; a field that did not come is empty, and of one that came twice the last counts. */
export const formValues = <Name extends string>(body: unknown, names: readonly Name[]): Readonly<Record<Name, string>> => {
  const posted = new Map<string, unknown>(typeof body === 'object' && body !== null ? Object.entries(body) : []);
  const valueOf = (name: Name): string => {
    const value = posted.get(name);
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    return typeof last === 'string' ? last.slice(0, valueCharsMax) : '';
  };
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) values[name] = valueOf(name);
  return complete(values, names);
};

const complete = <Name extends string>(values: Partial<Record<Name, string>>, names: readonly Name[]): Readonly<Record<Name, string>> => {
  if (!isComplete(values, names)) throw new Error('a field of the form has no value');
  return values;
};

const isComplete = <Name extends string>(values: Partial<Record<Name, string>>, names: readonly Name[]): values is Record<Name, string> =>
  names.every((name) => values[name] !== undefined);
