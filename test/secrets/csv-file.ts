import type { Ask } from '../support/client.js';

/** A cell as any program writes it. */
export const inCsv = (text: string): string => `"${text.replaceAll('"', '""')}"`;

export const csvOf = (rows: readonly string[]): string => ['name,api_key,url,models', ...rows].join('\r\n');

/** The upload of a file, as a form does it. */
export const importAsk = (path: string, csv: string): Ask => {
  const boundary = 'a-boundary-of-this-test';
  const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="c.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`;
  return { path, headers: [['content-type', `multipart/form-data; boundary=${boundary}`]], body: part };
};
