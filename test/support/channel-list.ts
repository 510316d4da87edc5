import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Gateway } from './gateway.js';

/** The list of channels as an operator sees it in English, and whether the page has been loaded anew. */
export interface ChannelList {
  readonly rows: () => Locator;
  readonly names: () => Promise<readonly string[]>;
  readonly row: (name: string) => Locator;
  readonly priority: (name: string) => Locator;
  /** Loads the page and leaves a mark that a reload would wipe away. */
  readonly visit: (query?: string) => Promise<void>;
  readonly expectSamePage: () => Promise<void>;
}

/** `now`: the page and the gateway, asked for when they are needed, because a spec file makes them before its tests. */
export const channelList = (now: () => { readonly page: Page; readonly gateway: Gateway }): ChannelList => {
  const rows = (): Locator => now().page.locator('#channel-list tbody tr');
  return {
    rows,
    names: () => now().page.locator('#channel-list .channel-name a').allInnerTexts(),
    row: (name) => rows().filter({ has: now().page.getByRole('link', { name, exact: true }) }),
    priority: (name) => now().page.getByRole('textbox', { name: `Priority of ${name}`, exact: true }),
    visit: async (query = '') => {
      const { page, gateway } = now();
      await page.goto(`${gateway.url}/web/channels${query}`);
      await page.evaluate('window.isSamePage = true');
    },
    expectSamePage: async () => expect(await now().page.evaluate('window.isSamePage === true')).toBe(true),
  };
};
