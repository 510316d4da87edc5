import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { accessibilityProblems, describeInBrowser, SharedBrowser } from '../support/browser.js';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openReaders, type Reader } from '../support/readers.js';
import { until } from '../support/until.js';

const patientMs = 60_000;
const row = rowFor('anthropic', false);

describeInBrowser('a disk that takes nothing more', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;
  let readers: readonly Reader[];
  let plainReaders: readonly Reader[];
  let model: string;

  beforeAll(async () => {
    gateway = await startGateway();
    const upstream = await gateway.upstream(row.answers('x'));
    ({ model } = await gateway.serve(upstream.url));
    readers = await openReaders(browser, gateway);
    plainReaders = await openReaders(browser, gateway, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  }, patientMs);
  afterAll(async () => {
    limitFileBytes('unlimited:unlimited');
    await browser.close();
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

  /** How many of the readers are told on the page that they have open, each in the own language. */
  const toldReaders = async (): Promise<number> => {
    const told = await Promise.all(readers.map(({ page, texts }) => page.locator('#banners').getByText(texts.shared.notices.storage('refused-by-disk')).count()));
    return told.filter((count) => count === 1).length;
  };

  it('is told on the open overview in words, refuses changes in words, and is forgotten when there is room', async () => {
    for (const { page } of readers) await page.evaluate('window.isSamePage = true');
    expect(await toldReaders()).toBe(0);

    limitFileBytes('0:unlimited');
    await callUntil('the banner in every language', async () => (await toldReaders()) === readers.length);
    for (const { page } of readers) expect(await accessibilityProblems(page)).toEqual([]);
    for (const { page, texts: { shared } } of plainReaders) {
      await page.goto(`${gateway.url}/web/channels`);
      expect(await page.locator('#banners').innerText()).toContain(shared.notices.storage('refused-by-disk'));
      await page.getByRole('switch').click();
      await page.getByRole('heading', { level: 1, name: shared.problem.title, exact: true }).waitFor();
      await page.locator('main').getByText(shared.problem.storage('refused-by-disk')).waitFor();
    }

    limitFileBytes('unlimited:unlimited');
    await callUntil('the banners to go', async () => (await toldReaders()) === 0);
    for (const { page } of readers) expect(await page.evaluate('window.isSamePage === true')).toBe(true);
  }, patientMs);
});
