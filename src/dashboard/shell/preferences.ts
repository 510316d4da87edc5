import { isLanguage, languages, type Language } from '../text/language.js';
import { cookieValue } from './cookies.js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const isTheme = (text: string | undefined): text is Theme => themes.some((theme) => theme === text);

export const languageCookie = 'ccload_language';
export const themeCookie = 'ccload_theme';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

/** What was chosen here before; else the best of the browser's languages, English when we speak none of them. */
export const preferencesOf = (cookies: string | undefined, preferred: string | false): Preferences => {
  const language = cookieValue(cookies, languageCookie);
  const theme = cookieValue(cookies, themeCookie);
  const browser = preferred === false ? undefined : preferred;
  return {
    language: isLanguage(language) ? language : isLanguage(browser) ? browser : languages[0],
    theme: isTheme(theme) ? theme : 'system',
  };
};
