import { open, type Answer, type Exchange } from './client.js';
import type { Row } from './dialects.js';
import { clientToken } from './gateway.js';

type HeaderPairs = readonly (readonly [name: string, value: string])[];

const defaults: HeaderPairs = [
  ['Authorization', `Bearer ${clientToken}`],
  ['Content-Type', 'application/json'],
];

/** Begins the model call of a dialect with a valid token. */
export const begin = (
  gateway: { readonly port: number },
  row: Row,
  model: string,
  headers: HeaderPairs = [],
  waitMs?: number,
): Exchange => open(gateway.port, { path: row.path, headers: [...defaults, ...headers], body: row.request(model) }, waitMs);

/** Makes the model call of a dialect with a valid token and waits for the end of the answer. */
export const call = (gateway: { readonly port: number }, row: Row, model: string, headers: HeaderPairs = []): Promise<Answer> =>
  begin(gateway, row, model, headers).answer;
