/** SQL for whatever a column holds, as text; nothing becomes the empty text. */
export const textOf = (column: string): string => `COALESCE(CAST(${column} AS TEXT), '')`;

/** SQL for 1 or 0 of whatever a flag column holds; `ofNull` is what it means when it holds nothing. */
export const flagOf = (column: string, ofNull: 0 | 1): string => `COALESCE(LOWER(CAST(${column} AS TEXT)) NOT IN ('0', '0.0', 'false', ''), ${ofNull})`;

/** SQL for a name out of a file, whatever is in it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
