import { parseEnv } from 'node:util';

const passLine = /^[ \t]*(?:export[ \t]+)?CCLOAD_PASS[ \t]*=.*$/m;
const commentedPassLine = /^[ \t]*#[ \t]*CCLOAD_PASS[ \t]*=[ \t]*$/m;

const withLine = (text: string, line: string): string => {
  // A function, because "$&" in a replacement would mean something.
  for (const place of [passLine, commentedPassLine]) if (place.test(text)) return text.replace(place, () => line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
};

/** The password that the text of a `.env` file sets; `undefined` when it sets none, or an empty one. */
export const passwordIn = (text: string): string | undefined => {
  const { CCLOAD_PASS: found } = parseEnv(text);
  return found === '' ? undefined : found;
};

/**
 * The text of a `.env` file with this password and everything else as it was; `undefined` when that cannot be had, because
 * the old value goes over several lines. `password` must need no quotes.
 */
export const withPassword = (text: string, password: string): string | undefined => {
  // Its other lines would stay behind, with half of the old password in them.
  if (passwordIn(text)?.includes('\n') === true) return undefined;
  const changed = withLine(text, `CCLOAD_PASS=${password}`);
  const wanted = { ...parseEnv(text), CCLOAD_PASS: password };
  const got = parseEnv(changed);
  const isAsWanted = Object.keys(got).length === Object.keys(wanted).length && Object.entries(wanted).every(([name, value]) => got[name] === value);
  return isAsWanted ? changed : undefined;
};
