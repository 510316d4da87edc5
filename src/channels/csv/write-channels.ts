import Papa from 'papaparse';
import type { Channel } from '../../domain/channel.js';
import { guardedCell } from './formula.js';

const byteOrderMark = '\uFEFF';
const lineBreak = '\r\n';

/** What a file begins with: the mark that tells Excel it is UTF-8, and the names of the columns. */
export const csvHead = `${byteOrderMark}id,name,api_key,url,priority,models,enabled${lineBreak}`;

/** The lines of these channels, each ended. Keys are in clear; no cell runs in a spreadsheet. */
export const csvLines = (channels: readonly Channel[]): string => {
  if (channels.length === 0) return '';
  const rows = channels.map(({ id, name, keys, url, priority, models, enabled }) => [
    String(id),
    guardedCell(name),
    guardedCell(keys[0]?.secret ?? ''),
    guardedCell(url),
    // A number is no formula, whatever its sign.
    String(priority),
    guardedCell(JSON.stringify(models.map((model) => model.name))),
    String(enabled),
  ]);
  return `${Papa.unparse(rows, { newline: lineBreak })}${lineBreak}`;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `channels-YYYYMMDD-HHMMSS.csv`, in the time zone of the server. */
export const csvFileName = (at: Date): string => {
  const day = `${at.getFullYear()}${twoDigits(at.getMonth() + 1)}${twoDigits(at.getDate())}`;
  return `channels-${day}-${twoDigits(at.getHours())}${twoDigits(at.getMinutes())}${twoDigits(at.getSeconds())}.csv`;
};
