/** The address of a page of ours with a query. What is empty is not written down. */
export const pathWithQuery = (path: string, query: readonly (readonly [name: string, value: string])[]): string => {
  const asked = new URLSearchParams(query.filter(([, value]) => value !== '').map(([name, value]): [string, string] => [name, value]));
  return asked.size === 0 ? path : `${path}?${asked.toString()}`;
};
