import type { Parsed, Parser } from './variable.js';

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How much of a bad value a message repeats. */
const echoCharsMax = 80;

/** Reads variables and gathers what is wrong with them, so that one start reports every mistake. */
export class VariableReader {
  readonly problems: string[] = [];
  constructor(private readonly env: Environment) {}

  /** An empty variable counts as unset: compose files and charts write `NAME=` for "not configured". */
  isSet(name: string): boolean {
    return (this.env[name] ?? '') !== '';
  }

  read<T>(name: string, parse: Parser<T>, fallback: T): T {
    return this.take(name, parse, fallback, (text) => `, got ${JSON.stringify(text.slice(0, echoCharsMax))}`);
  }

  /** As `read`, but the message says nothing of the value. */
  readSecret<T>(name: string, parse: Parser<T>, fallback: T): T {
    return this.take(name, parse, fallback, () => '; its value is not shown');
  }

  private take<T>(name: string, parse: Parser<T>, fallback: T, came: (text: string) => string): T {
    const text = this.env[name] ?? '';
    if (text === '') return fallback;
    const parsed: Parsed<T> = parse(text);
    if (parsed.kind === 'value') return parsed.value;
    this.problems.push(`${name} must ${parsed.must}${came(text)}`);
    return fallback;
  }
}
