/*
 * A stored time read letter by letter, its days counted one year and one month after another: without the patterns and the
 * calendar of the fast way.
 */

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOfMonth = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

const daysSince1970 = (year: number, month: number, day: number): number => {
  let days = day - 1;
  for (let each = 1; each < month; each += 1) days += daysOfMonth(year, each);
  for (let each = 1970; each < year; each += 1) days += isLeap(each) ? 366 : 365;
  for (let each = year; each < 1970; each += 1) days -= isLeap(each) ? 366 : 365;
  return days;
};

/** What is left of a text, from the front. Whoever takes what is not there takes nothing. */
class Letters {
  constructor(public left: string) {}

  digits(least: number, most: number = least): string | undefined {
    let count = 0;
    while (count < most && '0123456789'.includes(this.left[count] ?? 'x')) count += 1;
    if (count < least) return undefined;
    const taken = this.left.slice(0, count);
    this.left = this.left.slice(count);
    return taken;
  }

  oneOf(...words: readonly string[]): string | undefined {
    const word = words.find((each) => this.left.startsWith(each));
    if (word !== undefined) this.left = this.left.slice(word.length);
    return word;
  }

  /** Two digits behind one of these, or nothing at all. */
  pairBehind(...words: readonly string[]): number | undefined {
    const before = this.left;
    const pair = this.oneOf(...words) === undefined ? undefined : this.digits(2);
    if (pair === undefined) this.left = before;
    return pair === undefined ? undefined : Number(pair);
  }
}

/** What Go says of its own clock, or nothing. */
const isClock = (text: string): boolean => {
  if (text === '') return true;
  const letters = new Letters(text);
  if (letters.oneOf(' m=+', ' m=-') === undefined || letters.left === '') return false;
  return /^[0-9.]+$/.test(letters.left);
};

/** Minutes east of UTC. */
const zoneOf = (zone: string): number | undefined => {
  const [spaced, letters] = [new Letters(zone), new Letters(zone)];
  spaced.oneOf(' ');
  spaced.oneOf('Z', 'UTC', 'GMT');
  if (isClock(zone) || isClock(spaced.left)) return 0;
  letters.oneOf(' ');
  const sign = letters.oneOf('+', '-');
  const hours = letters.digits(2);
  letters.oneOf(':');
  const minutes = letters.digits(2);
  const isName = letters.left === '' || (letters.left.startsWith(' ') && !letters.left.includes('\n'));
  if (sign === undefined || hours === undefined || minutes === undefined || Number(minutes) > 59 || !isName) return undefined;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
};

/** Hour, minute, second and milliseconds; noughts where nothing is said. */
const timeOfDay = (letters: Letters): readonly [number, number, number, number] => {
  const before = letters.left;
  const hour = letters.pairBehind(' ', 'T');
  const minute = letters.pairBehind(':');
  if (hour === undefined || minute === undefined) {
    letters.left = before;
    return [0, 0, 0, 0];
  }
  const second = letters.pairBehind(':');
  if (second === undefined) return [hour, minute, 0, 0];
  const beforeFraction = letters.left;
  const fraction = letters.oneOf('.', ',') === undefined ? undefined : letters.digits(1, 9);
  if (fraction === undefined) letters.left = beforeFraction;
  return [hour, minute, second, Number(`${fraction ?? ''}000`.slice(0, 3))];
};

/** Milliseconds since 1970, or `undefined` when the text names no moment. */
export const slowStoredTime = (text: string): number | undefined => {
  const letters = new Letters(text.trim());
  const year = Number(letters.digits(4, 5) ?? Number.NaN);
  const month = letters.pairBehind('-');
  const day = letters.pairBehind('-');
  if (Number.isNaN(year) || month === undefined || day === undefined) return undefined;
  const [hour, minute, second, ms] = timeOfDay(letters);
  const zone = zoneOf(letters.left);
  if (zone === undefined || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return (((daysSince1970(year, month, day) * 24 + hour) * 60 + minute - zone) * 60 + second) * 1_000 + ms;
};
