import { problem, value, type Parsed, type Parser } from './variable.js';

/** Pairs of name and value, in the order they came. */
export type NamedValues = readonly (readonly [name: string, value: string])[];

const urlCharsMax = 2048;

/** A URL that a path can be appended to; its own credentials would be left out in silence, so they are refused. */
export const collectorUrl: Parser<string> = (text) => {
  const url = text.length <= urlCharsMax && URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && (url.protocol === 'http:' || url.protocol === 'https:')
    ? value(url.href.replace(/\/+$/, ''))
    : problem('be an http or https URL without user name, query and fragment (credentials belong into OTEL_EXPORTER_OTLP_HEADERS)');
};

export const ratio: Parser<number> = (text) =>
  /^(0|1|0?\.\d{1,15}|1\.0{1,15}|0\.\d{1,15})$/.test(text) ? value(Number(text)) : problem('be a number from 0 to 1, such as 0.25');

const nameCharsMax = 255;

export const anyText: Parser<string | undefined> = (text) =>
  text.length <= nameCharsMax ? value(text) : problem(`have at most ${nameCharsMax} characters`);

const pairsMax = 100;
const listCharsMax = 16 * 1024;

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
};

/** `name=value,name=value`, values percent-encoded where they need it; `undefined` when it cannot be read. */
const pairsIn = (text: string): NamedValues | undefined => {
  const entries = text.split(',').filter((entry) => entry.trim() !== '');
  const pairs = entries.flatMap((entry) => {
    const at = entry.indexOf('=');
    const [name, found] = [decoded(entry.slice(0, Math.max(0, at))), decoded(entry.slice(at + 1))];
    return at < 1 || name === undefined || name === '' || found === undefined ? [] : [[name, found] as const];
  });
  return text.length <= listCharsMax && entries.length <= pairsMax && pairs.length === entries.length ? pairs : undefined;
};

const pairs =
  (isUsable: (name: string, found: string) => boolean, must: string): Parser<NamedValues> =>
  (list): Parsed<NamedValues> => {
    const found = pairsIn(list);
    return found?.every(([name, text]) => isUsable(name, text)) === true ? value(Object.freeze(found)) : problem(must);
  };

/** The headers of HTTP itself are not the operator's to set: they would break the message. */
const reserved = new Set(['host', 'content-length', 'content-type', 'connection', 'transfer-encoding', 'expect']);

export const headerPairs = pairs(
  (name, found) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && /^[\x20-\x7e]*$/.test(found) && !reserved.has(name.toLowerCase()),
  `be at most ${pairsMax} headers as name=value,name=value, values percent-encoded, none of them ${[...reserved].join(', ')}`,
);

export const resourceAttributes = pairs(() => true, `be at most ${pairsMax} attributes as name=value,name=value, values percent-encoded`);
