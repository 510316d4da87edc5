import type { AttemptRecord } from '../domain/call.js';

/**
 * Log rows as bytes outside of the heap, on their way to the thread that stores them.
 *
 * Objects that wait for a quarter of a second outlive the collections of young values, become old, and make a collection of
 * the whole heap due every two seconds, which holds up every stream for as long as it marks (docs/adr/0030). As JSON, because
 * V8's own `serialize` holds on to all that it has been given until its serializer is collected: every row then outlived
 * one collection, which took 2.5 ms on average instead of 1.7 (docs/adr/0031).
 */
export interface PackedRows {
  readonly bytes: Uint8Array;
  /** How many. */
  readonly rows: number;
}

/** The text that is packed, in UTF-8. What is `undefined` is left out. */
export const packedText = (records: readonly AttemptRecord[]): string => JSON.stringify(records);

export const packRows = (records: readonly AttemptRecord[]): PackedRows => ({ bytes: Buffer.from(packedText(records)), rows: records.length });

export const unpackRows = ({ bytes }: PackedRows): readonly AttemptRecord[] =>
  // `packedText` of this program made it; it has crossed threads like any other value.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());

/** In a buffer of its own: what crosses to another thread takes along all of the buffer that it is in. */
export const copyOf = ({ bytes, rows }: PackedRows): PackedRows => ({ bytes: new Uint8Array(bytes), rows });
