import { secretPlaces } from '../../domain/secret-places.js';
import { maskedKey } from '../masked-key.js';

/** The text with the key masked wherever it stands, whole or a long piece of it, also escaped or encoded. */
export const withoutSecret = (text: string, secret: string): string => {
  const parts: string[] = [];
  let shown = 0;
  for (const { start, end } of secretPlaces(text, secret)) {
    parts.push(text.slice(shown, start), maskedKey(secret));
    shown = end;
  }
  return [...parts, text.slice(shown)].join('');
};
