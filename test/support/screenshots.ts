import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Gateway } from './gateway.js';
import { logIn, openBrowser } from './browser.js';

const folder = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const languages = { en: 'en-US', zh: 'zh-CN' } as const;

/** Set `CCLOAD_SCREENSHOTS=1` to have the pictures taken; the suite does without. */
export const wantsScreenshots = process.env['CCLOAD_SCREENSHOTS'] !== undefined;

/** Pictures of a page, in both sizes, themes and languages, below `screenshots/` (which git ignores). */
export const takeScreenshots = async (gateway: Gateway, password: string, pages: Readonly<Record<string, string>>): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const [language, locale] of Object.entries(languages)) {
      const browser = await openBrowser({ viewport, locale });
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      let isLoggedIn = false;
      try {
        for (const [name, path] of Object.entries(pages)) {
          if (name !== 'login' && !isLoggedIn) {
            await logIn(page, gateway.url, password);
            isLoggedIn = true;
          }
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.goto(`${gateway.url}${path}`);
            await page.mouse.move(0, 0);
            await page.waitForTimeout(300);
            await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}-${language}.png`), fullPage: true });
          }
        }
      } finally {
        await browser.close();
      }
    }
  }
};
