/** The three languages clients speak; the request path decides which (contract: the longest prefix that fits). */
export type Dialect = 'anthropic' | 'responses' | 'openai';

const isBelow = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`);

/** The dialect of a request path without its query: `/v1/messages…` Anthropic, `/v1/responses…` Responses, else OpenAI. */
export const dialectOf = (path: string): Dialect => {
  if (isBelow(path, '/v1/messages')) return 'anthropic';
  if (isBelow(path, '/v1/responses')) return 'responses';
  return 'openai';
};
