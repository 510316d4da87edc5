import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import { adminPassword, type Gateway } from '../support/gateway.js';

describeInBrowser('the overview', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startDemoGateway();
  }, 60_000);
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, 60_000);

  const open = async (options: Parameters<SharedBrowser['page']>[0] = {}): Promise<Page> => {
    const page = await browser.page(options);
    await logIn(page, gateway.url, adminPassword);
    return page;
  };

  it.each([
    ['light', 'en-US', 1280],
    ['dark', 'zh-CN', 390],
  ] as const)('has nothing that axe finds serious and does not scroll sideways (%s, %s, %d px)', async (colorScheme, locale, width) => {
    const page = await open({ colorScheme, locale, viewport: { width, height: 844 } });
    await page.locator('.chart-plot canvas').waitFor();
    await page.locator('.settings summary').click();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }, 60_000);

  it('shows everything without scripts', async () => {
    const page = await open({ javaScriptEnabled: false, locale: 'zh-CN' });
    expect(await page.locator('#channel-health tr', { hasText: 'relay-frankfurt' }).innerText()).toContain('触发限流');
    expect(await page.locator('#last-errors .entry').count()).toBeGreaterThan(5);
    await page.getByText('以表格显示').click();
    expect(await page.locator('#chart-table-traffic tbody tr').count()).toBe(47);
  }, 60_000);
});
