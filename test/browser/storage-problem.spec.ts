import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { until } from '../support/until.js';

const patientMs = 60_000;
const row = rowFor('anthropic', false);

describeInBrowser('a disk that takes nothing more', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let page: Page;
  let model: string;

  beforeAll(async () => {
    gateway = await startGateway();
    const upstream = await gateway.upstream(row.answers('x'));
    ({ model } = await gateway.serve(upstream.url));
    pages = await openOperatorPages(gateway);
    ({ page } = pages);
  }, patientMs);
  afterAll(async () => {
    limitFileBytes('unlimited:unlimited');
    await pages.close();
    await gateway.end();
  }, patientMs);

  /** The kernel refuses every byte beyond the limit, as a failing disk would. */
  const limitFileBytes = (limit: string): void => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(gateway.process.pid), `--fsize=${limit}`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  };
  /** Calls go on, as they do all day, until the page has followed. */
  const callUntil = (what: string, isSeen: () => Promise<boolean>): Promise<true> =>
    until(what, async () => {
      expect((await call(gateway, row, model)).status).toBe(200);
      return (await isSeen()) ? true : undefined;
    }, 30_000);

  it('is told on the open overview in words, refuses changes in words, and is forgotten when there is room', async () => {
    await page.goto(`${gateway.url}/web/`);
    await page.evaluate('window.isSamePage = true');
    const banner = page.locator('#banners').getByText('Nothing can be stored');
    expect(await banner.count()).toBe(0);

    limitFileBytes('0:unlimited');
    await callUntil('the banner', async () => (await banner.count()) === 1);
    expect(await accessibilityProblems(page)).toEqual([]);
    const { plain } = pages;
    await plain.goto(`${gateway.url}/web/channels`);
    expect(await plain.locator('#banners').innerText()).toContain('无法保存任何数据');
    await plain.getByRole('switch').click();
    expect(await plain.locator('main').innerText()).toContain('数据库所在磁盘无法读写');

    limitFileBytes('unlimited:unlimited');
    await callUntil('the banner to go', async () => (await banner.count()) === 0);
    expect(await page.evaluate('window.isSamePage === true')).toBe(true);
  }, patientMs);
});
