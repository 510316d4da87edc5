/** A circle of causes ends here. */
const causesMax = 4;
const messageCharsMax = 300;
const framesMax = 30;

/** Errors of another realm are no `Error` of ours. */
const isErrorLike = (thrown: unknown): thrown is { readonly stack: string } =>
  typeof thrown === 'object' && thrown !== null && 'stack' in thrown && typeof thrown.stack === 'string';

const textAt = (error: object, field: 'name' | 'message' | 'code'): string => {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
};

/** From the first quotation mark to the last: `Unexpected token 's', "sk-ant-…" is not valid JSON` quotes what it read. */
const unquoted = (message: string): string => message.replace(/["'`“].*["'`”]/s, '"…"').slice(0, messageCharsMax);

/** The lines behind the message, whose own lines may look like frames. */
const framesOf = (stack: string, message: string): readonly string[] =>
  stack
    .slice(Math.max(0, stack.indexOf(message)) + message.length)
    .split('\n')
    .filter((line) => /^ +at .*:\d+:\d+\)?$/.test(line))
    .slice(0, framesMax);

/**
 * A bug for the log: what kind of error, where, and why, without what it quotes, because that may be a prompt or a key of
 * the request that met it. Values that hang on an error (parameters of a statement, a request) are left out as well.
 */
export const bugReport = (thrown: unknown, depth = 0): string => {
  if (!isErrorLike(thrown)) return `not an Error was thrown, but ${thrown === null ? 'null' : `a value of type ${typeof thrown}`}`;
  const name = textAt(thrown, 'name').slice(0, 64) || 'Error';
  const code = textAt(thrown, 'code');
  const message = textAt(thrown, 'message');
  const head = `${name}${/^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? ` [${code}]` : ''}: ${unquoted(message)}`;
  const cause: unknown = 'cause' in thrown ? thrown.cause : undefined;
  const because = cause === undefined || depth >= causesMax ? [] : [`caused by ${bugReport(cause, depth + 1)}`];
  return [head, ...framesOf(thrown.stack, message), ...because].join('\n');
};
