import type { BrowserContextOptions, Page } from 'playwright-core';
import { logIn, type SharedBrowser } from './browser.js';
import { adminPassword, type Gateway } from './gateway.js';
import { everyPageTexts, type PageTexts } from './page-texts.js';

/** An operator of one language, logged in, and what that language says. */
export interface Reader {
  readonly page: Page;
  readonly texts: PageTexts;
  /** Errors that the browser reported so far. */
  readonly complaints: readonly string[];
}

/** One reader of every language; with them one event is seen in each. They end with the browser. */
export const openReaders = async (browser: SharedBrowser, gateway: Gateway, options: BrowserContextOptions = {}): Promise<readonly Reader[]> => {
  const readers: Reader[] = [];
  for (const texts of everyPageTexts) {
    const page = await browser.page({ ...options, locale: texts.locale });
    const complaints: string[] = [];
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    page.on('pageerror', (error) => void complaints.push(error.message));
    await logIn(page, gateway.url, adminPassword);
    readers.push({ page, texts, complaints });
  }
  return readers;
};

/** The one whose browser wants this locale. */
export const readerOf = (readers: readonly Reader[], locale: string): Reader => {
  const found = readers.find(({ texts }) => texts.locale === locale);
  if (found === undefined) throw new Error(`expected a reader of ${locale} among ${readers.map(({ texts }) => texts.locale).join(', ')}`);
  return found;
};
