import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { adminPassword, startGateway, type Gateway } from '../support/gateway.js';

describeInBrowser('the frame around every page', () => {
  let gateway: Gateway;
  const browser = new SharedBrowser();

  beforeAll(async () => {
    gateway = await startGateway();
  }, 60_000);
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, 60_000);

  const open = (options: Parameters<SharedBrowser['page']>[0] = {}): Promise<Page> => browser.page(options);
  const openSettings = (page: Page): Promise<void> => page.locator('.settings summary').click();

  it.each([true, false])('leads through the login to the page that was asked for, with scripts: %s', async (javaScriptEnabled) => {
    const page = await open({ javaScriptEnabled });
    await page.goto(`${gateway.url}/web/?from=here`);
    expect(new URL(page.url()).pathname).toBe('/web/login.html');
    await page.getByLabel('Password').fill(adminPassword);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(`${gateway.url}/web/?from=here`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Overview');
  }, 60_000);

  it('says at the field that the password is wrong, and sends no password back', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(`${gateway.url}/web/login`);
    await page.getByLabel('Password').fill('not the password');
    const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), page.getByRole('button', { name: 'Log in' }).click()]);
    expect(answer.status()).toBe(401);
    expect(await page.locator('.field-error').textContent()).toContain('The password is wrong.');
    expect(await page.content()).not.toContain('not the password');
  }, 60_000);

  it('speaks the language of the browser until another is chosen', async () => {
    const page = await open({ locale: 'zh-CN', javaScriptEnabled: false });
    await page.goto(`${gateway.url}/web/login.html`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('登录');
    await openSettings(page);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Log in');
  }, 60_000);

  it('changes the theme at once and remembers it', async () => {
    const page = await open();
    await logIn(page, gateway.url, adminPassword);
    await openSettings(page);
    const kept = page.waitForResponse(`${gateway.url}/web/preferences`);
    await page.getByRole('button', { name: 'Dark' }).click();
    await kept;
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  }, 60_000);

  it('says once, after the redirect, that one has logged out', async () => {
    const page = await open();
    await logIn(page, gateway.url, adminPassword);
    await openSettings(page);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.reload();
    expect(await page.getByText('You are logged out.').count()).toBe(0);
  }, 60_000);

  it('answers an unknown page with a page', async () => {
    const page = await open();
    await logIn(page, gateway.url, adminPassword);
    const answer = await page.goto(`${gateway.url}/web/nothing-here`);
    expect(answer?.status()).toBe(404);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('There is no such page');
  }, 60_000);

  it.each(['light', 'dark'] as const)('draws the chart, breaks no rule of the policy and has nothing that axe finds serious, in the %s theme', async (colorScheme) => {
    const page = await open({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    page.on('pageerror', (error) => void complaints.push(error.message));
    await logIn(page, gateway.url, adminPassword);
    await page.locator('.chart-plot canvas').waitFor();
    expect(complaints).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 60_000);
});
