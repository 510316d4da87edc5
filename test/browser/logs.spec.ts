import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { failoverPair, type FailoverPair } from '../support/model-calls.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';

const patientMs = 60_000;

describeInBrowser('the log', () => {
  let gateway: Gateway;
  let pair: FailoverPair;
  let failedOver: string;
  let page: Page;
  let plain: Page;
  let pages: OperatorPages;

  beforeAll(async () => {
    gateway = await startGateway();
    pair = await failoverPair(gateway);
    failedOver = await pair.call();
    pages = await openOperatorPages(gateway);
    ({ page, plain } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const row = (id: string, of: Page = page) => of.locator('tr[data-id]').filter({ has: of.locator(`a[href$="${id}"]`) });
  const visit = async (): Promise<void> => {
    await page.goto(`${gateway.url}/web/logs`);
    await page.locator('#follow[aria-pressed="true"]').waitFor();
  };

  it('is filtered without scripts, in Chinese and on a phone, and the address says how', async () => {
    await plain.goto(`${gateway.url}/web/logs.html`);
    expect(await plain.locator('tr[data-id]').count()).toBe(2);
    await plain.getByLabel('状态').selectOption('4xx');
    await plain.getByLabel('模型包含').fill(pair.model);
    await plain.getByRole('button', { name: '应用' }).click();
    expect(plain.url()).toContain('status=4xx');
    expect(await plain.getByText('共 1 条').count()).toBe(1);
    expect(await plain.locator('tr[data-id]').innerText()).toContain('429 触发限流');
    expect(await plain.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await plain.getByRole('link', { name: '清除筛选' }).click();
    expect(await plain.locator('tr[data-id]').count()).toBe(2);
  }, patientMs);

  it('says at the field, without scripts, what a filter must be', async () => {
    const answer = await plain.goto(`${gateway.url}/web/logs?status=teapot`);
    expect(answer?.status()).toBe(400);
    expect(await plain.locator('.field-error').innerText()).toContain('100 到 599');
    expect(await plain.getByLabel('状态').inputValue()).toBe('teapot');
  }, patientMs);

  it('leads without scripts to the page of a request with all its attempts', async () => {
    await plain.goto(`${gateway.url}/web/logs`);
    await row(failedOver, plain).first().getByRole('link').click();
    await plain.waitForURL(`${gateway.url}/web/logs/${failedOver}`);
    expect(await plain.locator('.attempts tbody tr').count()).toBe(2);
    expect(await plain.locator('.steps li').count()).toBeGreaterThan(0);
    const text = await plain.locator('main').innerText();
    for (const secret of ['words of a prompt', 'words of an answer', 'sk-test', 'slow down']) expect(text).not.toContain(secret);
  }, patientMs);

  it('opens a request below its row by keyboard, and Escape closes it and gives the focus back', async () => {
    await visit();
    const link = row(failedOver).first().getByRole('link');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('.log-open .attempts').waitFor();
    expect(await link.getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('.log-open .waterfall').count()).toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('.log-open').count()).toBe(0);
    expect(await page.locator('a[data-open]:focus').getAttribute('href')).toContain(failedOver);
  }, patientMs);

  it('lets new rows come to the top by themselves, and leaves those that were there as they are', async () => {
    await visit();
    await row(failedOver).first().waitFor();
    await page.evaluate('for (const row of document.querySelectorAll("tr[data-id]")) row.dataset.seen = "yes"');
    const before = await page.locator('tr[data-seen]').count();
    const id = await pair.call();
    await row(id).first().waitFor();
    expect(await page.locator('tr[data-id]').first().locator('a').getAttribute('href')).toContain(id);
    expect(before).toBeGreaterThan(0);
    expect(await page.locator('tr[data-seen]').count()).toBe(before);
  }, patientMs);

  it('keeps new rows back while a row is open, counts them, and shows them when asked', async () => {
    await visit();
    await row(failedOver).first().getByRole('link').click();
    await page.locator('.log-open').waitFor();
    const id = await pair.call();
    const hint = page.getByRole('button', { name: '1 new' });
    await hint.waitFor();
    expect(await row(id).count()).toBe(0);
    await hint.click();
    await row(id).first().waitFor();
    expect(await page.locator('.log-open').count()).toBe(1);
    expect(await hint.isVisible()).toBe(false);
  }, patientMs);

  it('stands still when it is told to, also after a reload, until it is told to follow again', async () => {
    await visit();
    await page.locator('#follow').click();
    await page.reload();
    expect(await page.locator('#follow').getAttribute('aria-pressed')).toBe('false');
    const id = await pair.call();
    expect(await row(id).count()).toBe(0);
    await page.locator('#follow').click();
    await row(id).first().waitFor();
  }, patientMs);

  it.each(['/web/logs', '/web/logs?status=teapot', '/web/logs?model_like=nothing-like-it', 'request'])('has nothing that axe finds serious at %s, in either theme', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${gateway.url}${path === 'request' ? `/web/logs/${failedOver}` : path}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  }, patientMs);

  it('broke no rule of the policy and threw nothing in all this, save the answer to a wrong filter', () => {
    expect(pages.complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });
});
