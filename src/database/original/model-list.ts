const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface ModelList {
  /** In their order, without blanks and repetitions. */
  readonly names: readonly string[];
  /** False when the text was not the JSON array that it should have been, and was read as a person would. */
  readonly wasList: boolean;
}

/** How arrays, objects and texts begin. Looked at, not matched: a column may be of any size, and a pattern keeps a stack of its blanks. */
const beginsLikeJson = (text: string): boolean => '[{"'.includes(text.trimStart().charAt(0) || ' ');

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names.filter((name) => name !== ''))];

/**
 * The models of a channel as an original file has them: a JSON array. What is none is read as a list packed into a JSON
 * string, or as names between commas, semicolons, bars or line breaks.
 */
export const modelListOf = (stored: unknown): ModelList => {
  if (typeof stored !== 'string') return { names: [], wasList: false };
  const value = parsed(stored);
  if (Array.isArray(value)) return { names: distinct(value.filter((name) => typeof name === 'string')), wasList: true };
  if (typeof value === 'string') return { ...modelListOf(value), wasList: false };
  // Other JSON (`null`, an object), and what was meant to be JSON and is broken, names no model.
  if ((value !== undefined && typeof value !== 'number') || beginsLikeJson(stored)) return { names: [], wasList: false };
  return { names: distinct(stored.split(/[,;|\r\n]/).map((name) => name.trim())), wasList: false };
};
