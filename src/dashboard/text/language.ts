/** Languages the pages speak. Adding one means one more catalogue beside each `*.en.ts`; the compiler lists what is missing. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What `<html lang>` and Intl call them. */
export const localeOf: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/** The same thing said in every language. */
export type Spoken<Texts> = Readonly<Record<Language, Texts>>;

export const isLanguage = (text: string | undefined): text is Language => languages.some((language) => language === text);
