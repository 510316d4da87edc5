import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import type { Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { until } from '../support/until.js';

const patientMs = 60_000;

describeInBrowser('statistics and trend', () => {
  let gateway: Gateway;
  let page: Page;
  let plain: Page;
  let pages: OperatorPages;

  beforeAll(async () => {
    gateway = await startDemoGateway();
    pages = await openOperatorPages(gateway);
    ({ page, plain } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const requests = () => page.locator('[data-chart="requests"]');
  const reset = () => requests().getByRole('button', { name: 'Reset zoom' });
  const tip = () => requests().locator('.chart-tip');
  const showTrend = async (query = ''): Promise<void> => {
    await page.goto(`${gateway.url}/web/trend${query}`);
    await requests().locator('canvas').waitFor();
  };
  const zoomByMouse = async (): Promise<void> => {
    const box = await requests().locator('.u-over').boundingBox();
    if (box === null) throw new Error('the chart must be in sight, and is not');
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await reset().waitFor();
  };

  it('are sorted by a click on a heading, without scripts and on a phone, and the address says how', async () => {
    await plain.goto(`${gateway.url}/web/stats.html?hours=168`);
    const models = () => plain.locator('.kinds tbody td:nth-child(2)').allInnerTexts();
    await plain.getByRole('link', { name: '模型' }).click();
    expect(plain.url()).toContain('hours=168&sort=model&order=asc');
    const names = await models();
    expect(names.length).toBeGreaterThan(5);
    expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'zh-CN')));
    await plain.getByRole('link', { name: '模型' }).click();
    expect(await models()).toEqual([...names].reverse());
    expect(await plain.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }, patientMs);

  it('lead from a row to the log of its model and channel', async () => {
    await page.goto(`${gateway.url}/web/stats`);
    const link = page.locator('.kinds tbody .kind-model a').first();
    const model = await link.innerText();
    await link.click();
    await page.locator('tr[data-id]').first().waitFor();
    expect(await page.getByLabel('Model contains').inputValue()).toBe(model);
    expect(await page.getByLabel('Channel', { exact: true }).inputValue()).toMatch(/^[0-9]+$/);
  }, patientMs);

  it('show another span and compare channels without scripts, as tables', async () => {
    await plain.goto(`${gateway.url}/web/trend`);
    await plain.getByRole('link', { name: '7 天' }).click();
    await plain.locator('.compare summary').click();
    await plain.getByLabel('anthropic-main').check();
    await plain.getByLabel('openai-team').check();
    await plain.getByRole('button', { name: '显示' }).click();
    expect(plain.url()).toMatch(/hours=168&channel=\d&channel=\d$/);
    await plain.locator('[data-chart="requests"] summary').click();
    const headings = await plain.locator('#chart-table-requests thead th').allInnerTexts();
    expect(headings).toEqual(['时间', 'anthropic-main', 'openai-team']);
    expect(await plain.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }, patientMs);

  it('say at the pointer of the keyboard what the table says, and zoom and reset by keys', async () => {
    await showTrend();
    await requests().locator('.chart-plot').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const cell = requests().locator('tbody tr').nth(-2).locator('td');
    expect(await tip().locator('b').innerText()).toBe(await cell.textContent());
    await page.keyboard.press('+');
    await reset().waitFor();
    await page.keyboard.press('Escape');
    await reset().waitFor({ state: 'hidden' });
  }, patientMs);

  it('keep the zoom while values are refreshed, the theme changes and the window becomes narrow', async () => {
    await showTrend();
    await zoomByMouse();
    const sum = requests().locator('.chart-detail');
    const before = await sum.innerText();
    await callUnserved();
    await gateway.logRowsOf('nobody-serves-this');
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await until('the sum to grow', async () => ((await sum.innerText()) === before ? undefined : true), patientMs);
    expect(await reset().isVisible()).toBe(true);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await reset().isVisible()).toBe(true);
    await page.setViewportSize({ width: 700, height: 800 });
    await until('the chart to fit', async () => (((await requests().locator('.uplot').boundingBox())?.width ?? 700) < 700 ? true : undefined));
    expect(await reset().isVisible()).toBe(true);
    await reset().click();
    await reset().waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  }, patientMs);

  const callUnserved = (): Promise<unknown> =>
    fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-client-token', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nobody-serves-this', messages: [] }),
    });

  it('hide a line when its name is pressed, also for the tooltip, and after a change of theme', async () => {
    await showTrend('?channel=2&channel=3');
    await requests().getByRole('button', { name: 'anthropic-main' }).click();
    await page.locator('.settings summary').click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.keyboard.press('Escape');
    const line = requests().getByRole('button', { name: 'anthropic-main' });
    expect(await line.getAttribute('aria-pressed')).toBe('false');
    await requests().locator('.chart-plot').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await tip().locator('div').count()).toBe(1);
    await line.click();
    expect(await line.getAttribute('aria-pressed')).toBe('true');
  }, patientMs);

  it.each(['/web/stats', '/web/stats?hours=0', '/web/trend', '/web/trend?hours=6&channel=2&channel=3'])('have nothing that axe finds serious at %s, in either theme', async (path) => {
    for (const theme of ['light', 'dark'] as const) {
      await page.goto(`${gateway.url}${path}`);
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  }, patientMs);

  it('broke no rule of the policy and threw nothing in all this, save the answer to a wrong span', () => {
    expect(pages.complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });
});
