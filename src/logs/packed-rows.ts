import { deserialize, serialize } from 'node:v8';
import type { AttemptRecord } from '../domain/call.js';

/**
 * Log rows as bytes outside of the heap, on their way to the thread that stores them.
 *
 * Objects that wait for a quarter of a second outlive the collections of young values, become old, and make a collection of
 * the whole heap due every two seconds, which holds up every stream for as long as it marks (docs/adr/0030).
 */
export interface PackedRows {
  readonly bytes: Uint8Array;
  /** How many. */
  readonly rows: number;
}

export const packRows = (records: readonly AttemptRecord[]): PackedRows => ({ bytes: serialize(records), rows: records.length });

export const unpackRows = ({ bytes }: PackedRows): readonly AttemptRecord[] =>
  // `packRows` of this program made them; they have crossed threads like any other value.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return
  deserialize(bytes);
