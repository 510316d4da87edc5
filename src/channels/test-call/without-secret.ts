import { maskedKey } from '../masked-key.js';

/** The forms in which an upstream might give back what it was sent. */
const formsOf = (secret: string): readonly string[] => {
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [secret, json, json.replaceAll('/', '\\/'), encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  return [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length);
};

/** The text with the key masked wherever it stands, also escaped or encoded. */
export const withoutSecret = (text: string, secret: string): string =>
  formsOf(secret).reduce((masked, form) => masked.replaceAll(form, () => maskedKey(secret)), text);
