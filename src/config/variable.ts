import { isIP } from 'node:net';

/** The outcome of reading one variable: its value, or the end of the sentence "NAME must …". */
export type Parsed<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'problem'; readonly must: string };

export type Parser<T> = (text: string) => Parsed<T>;

export const value = <T>(parsed: T): Parsed<T> => ({ kind: 'value', value: parsed });
export const problem = (must: string): { readonly kind: 'problem'; readonly must: string } => ({ kind: 'problem', must });

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Decimal digits only: "1e3", "0x10", "5 MB" and "-1" are typos until somebody proves otherwise. */
export const wholeNumber =
  ({ min, max }: Bounds): Parser<number> =>
  (text) => {
    const parsed = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return parsed >= min && parsed <= max ? value(parsed) : problem(`be a whole number from ${min} to ${max}`);
  };

/** A number of processes, or `auto` for one a core. */
export const workerCount =
  ({ min, max }: Bounds, cores: number): Parser<number> =>
  (text) => {
    if (text === 'auto') return value(Math.min(Math.max(cores, min), max));
    const parsed = wholeNumber({ min, max })(text);
    return parsed.kind === 'value' ? parsed : problem(`be auto or a whole number from ${min} to ${max}`);
  };

export const oneOf =
  <const T extends string>(choices: readonly T[]): Parser<T> =>
  (text) => {
    const choice = choices.find((candidate) => candidate === text);
    return choice === undefined ? problem(`be one of ${choices.join(', ')}`) : value(choice);
  };

/** These two words and no other: a switch that opens something must not be turned by a misspelling. */
export const trueOrFalse: Parser<boolean> = (text) => {
  if (text === 'true') return value(true);
  return text === 'false' ? value(false) : problem('be true or false');
};

const hostCharsMax = 253;
const hostLabel = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
// A last label of digits alone would be a mistyped IPv4 address, which resolvers read in surprising ways.
const hostName = new RegExp(`^(${hostLabel}\\.)*(?!\\d+$)${hostLabel}$`, 'i');

/** An address to listen on: IPv4, IPv6 without brackets, or a host name. */
export const listenAddress: Parser<string> = (text) =>
  isIP(text) !== 0 || (text.length <= hostCharsMax && hostName.test(text))
    ? value(text)
    : problem('be an IP address (IPv6 without brackets) or a host name');

/** True for what only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.')) ||
  /^::ffff:127\.\d+\.\d+\.\d+$/i.test(host);

const pathCharsMax = 4096;

export const filePath: Parser<string> = (text) =>
  text.length <= pathCharsMax && !text.includes('\0') && !/[/\\]$/.test(text)
    ? value(text)
    : problem(`be the path of a file, at most ${pathCharsMax} characters, without a slash at its end`);

const urlCharsMax = 4096;
const sslModes: readonly (string | null)[] = [null, 'disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];

const isPostgresUrl = (text: string): boolean => {
  if (text.length > urlCharsMax || !/^postgres(ql)?:\/\/\S+$/i.test(text)) return false;
  // A user without a host is right where the host is a socket, and a URL all the same.
  const whole = text.replace('@/', '@socket/');
  if (!URL.canParse(whole)) return false;
  const { hash, pathname, searchParams } = new URL(whole);
  return hash === '' && pathname.length > 1 && sslModes.includes(searchParams.get('sslmode'));
};

/** Which user, password and server are right only the server can tell. */
export const postgresUrl: Parser<string> = (text) =>
  isPostgresUrl(text)
    ? value(text)
    : problem(
        'be a URL such as postgres://user:password@host:5432/database?sslmode=verify-full, with special characters of the password percent-encoded',
      );

const passwordCharsMax = 1024;

export const password: Parser<string> = (text) =>
  text.length <= passwordCharsMax && text.trim() !== ''
    ? value(text)
    : problem(`be at most ${passwordCharsMax} characters and not only spaces`);

const tokenCharsMax = 4096;
const tokensMax = 1000;
// A token travels in a header, where only visible ASCII arrives unchanged everywhere.
const isToken = (text: string): boolean => text.length <= tokenCharsMax && /^[\x21-\x7e]+$/.test(text);

export const token: Parser<string> = (text) =>
  isToken(text.trim())
    ? value(text.trim())
    : problem(`be visible ASCII characters without spaces, at most ${tokenCharsMax}`);

/** The entries of a comma-separated list, trimmed, blank ones dropped. */
const entries = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** A list that names no token is refused: it was meant to close the gate and would leave it open. */
export const tokens: Parser<readonly string[]> = (text) => {
  const found = entries(text);
  return found.length >= 1 && found.length <= tokensMax && found.every(isToken)
    ? value(Object.freeze([...found]))
    : problem(
        `be 1 to ${tokensMax} tokens separated by commas, each visible ASCII without spaces, at most ${tokenCharsMax} characters`,
      );
};

const secretCharsMin = 16;
const secretCharsMax = 1024;

/** 32 bytes as hex or base64, or a passphrase: all that can be told from here is that it is long enough. */
export const secretKey: Parser<string> = (text) =>
  text.trim().length >= secretCharsMin && text.length <= secretCharsMax
    ? value(text)
    : problem(`be 32 bytes as hex or base64, or a passphrase of ${secretCharsMin} to ${secretCharsMax} characters`);

const trustedMax = 100;
const loopbackRanges = ['127.0.0.0/8', '::1/128'] as const;

const isAddressOrRange = (entry: string): boolean => {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  if (bits === undefined) return true;
  // A range of zero bits would believe everybody, which is no trust at all.
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
};

/** Addresses and CIDR ranges; the word `loopback` stands for the ranges of this machine. */
export const trustedProxies: Parser<readonly string[]> = (text) => {
  const found = entries(text).flatMap((entry) => (entry === 'loopback' ? loopbackRanges : [entry]));
  return found.length >= 1 && found.length <= trustedMax && found.every(isAddressOrRange)
    ? value(Object.freeze([...found]))
    : problem(`be 1 to ${trustedMax} addresses or ranges separated by commas, such as loopback, 10.0.0.7 or 10.0.0.0/8`);
};
