import { sharedTexts } from '../text/shared-texts.js';
import type { SharedTexts } from '../text/shared.en.js';
import type { Language } from '../text/language.js';
import { cookieValue } from './cookies.js';

export const flashCookie = 'ccload_flash';
export const flashMs = 60_000;
const subjectCharsMax = 200;

export type FlashKey = keyof SharedTexts['flash'];

/** What the page after a redirect says once. The cookie names a text, never brings one: nobody can put words in our mouth. */
export interface Flash {
  readonly key: FlashKey;
  /** What is filled in, such as a name. */
  readonly subject: string;
}

/** The sentence, and whether it tells of what was done or of what was not. */
export interface FlashView {
  readonly tone: 'good' | 'warn';
  readonly text: string;
}

const warnings: ReadonlySet<FlashKey> = new Set<FlashKey>(['sessionHadEnded']);

const isFlashKey = (text: string): text is FlashKey => Object.hasOwn(sharedTexts.en.flash, text);

export const flashText = ({ key, subject }: Flash): string => `${key}:${subject.slice(0, subjectCharsMax)}`;

/** What the cookie asks for, if it does. */
export const flashView = (cookies: string | undefined, language: Language): FlashView | undefined => {
  const [key = '', ...subject] = cookieValue(cookies, flashCookie)?.split(':') ?? [];
  if (!isFlashKey(key)) return undefined;
  const text = sharedTexts[language].flash[key](subject.join(':').slice(0, subjectCharsMax));
  return { tone: warnings.has(key) ? 'warn' : 'good', text };
};
