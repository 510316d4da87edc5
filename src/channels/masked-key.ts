const mask = '****';
const charsBefore = 7;
const charsAfter = 4;
/** A shorter key would show more than it hides. */
const showableCharsMin = 16;

/** A key as it is shown: its first 7 and last 4 characters, or, when it is short, nothing of it. */
export const maskedKey = (key: string): string =>
  key.length < showableCharsMin ? mask : `${key.slice(0, charsBefore)}${mask}${key.slice(-charsAfter)}`;

/** True for what was shown instead of a key, of whichever channel: no key contains the mask. */
export const isMasked = (text: string): boolean => text.includes(mask);
