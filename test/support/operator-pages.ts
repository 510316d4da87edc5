import type { Page } from 'playwright-core';
import { logIn, SharedBrowser } from './browser.js';
import { adminPassword, type Gateway } from './gateway.js';

/** Two operators who have logged in: one as most are, one in Chinese, on a phone and without scripts. */
export interface OperatorPages {
  readonly page: Page;
  readonly plain: Page;
  /** Errors that the first one's browser reported so far. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export const openOperatorPages = async (gateway: Gateway): Promise<OperatorPages> => {
  const browser = new SharedBrowser();
  const page = await browser.page();
  const plain = await browser.page({ javaScriptEnabled: false, locale: 'zh-CN', viewport: { width: 390, height: 844 } });
  const complaints: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', (error) => void complaints.push(error.message));
  for (const one of [page, plain]) await logIn(one, gateway.url, adminPassword);
  return { page, plain, complaints, close: () => browser.close() };
};
