import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { describeInBrowser, SharedBrowser } from '../support/browser.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import type { Gateway } from '../support/gateway.js';
import { changePriority, coolDown } from '../support/other-operator.js';
import { everyPageTexts } from '../support/page-texts.js';
import { openReaders, readerOf, type Reader } from '../support/readers.js';

const patientMs = 60_000;

// The words come from the catalogues: a page that speaks the other language, or says another sentence, is not found.
describeInBrowser('every task of the list of channels', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;
  let readers: readonly Reader[];

  beforeAll(async () => {
    gateway = await startDemoGateway();
    readers = await openReaders(browser, gateway);
  }, patientMs);
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, patientMs);

  describe.each(everyPageTexts)('in $locale', ({ locale, channels: texts, channelImport, shared: { flash } }) => {
    let page: Page;
    let complaints: readonly string[];
    beforeAll(() => {
      ({ page, complaints } = readerOf(readers, locale));
    });

    const names = (): Promise<readonly string[]> => page.locator('#channel-list .channel-name a').allInnerTexts();
    const row = (name: string): Locator => page.locator('#channel-list tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) });
    const badge = (name: string, state: string): Locator => row(name).locator('.badge', { hasText: state });
    const priority = (name: string): Locator => page.getByRole('textbox', { name: texts.priorityOf(name), exact: true });
    const toggle = (name: string): Locator => page.getByRole('switch', { name: texts.enabledOf(name), exact: true });
    const said = (sentence: string): Promise<void> => page.getByText(sentence, { exact: true }).first().waitFor();
    const visit = async (query = ''): Promise<void> => {
      await page.goto(`${gateway.url}/web/channels${query}`);
      await page.getByRole('heading', { level: 1, name: texts.title, exact: true }).waitFor();
    };

    it('searches, filters and sorts, and the address says how', async () => {
      await visit();
      await page.getByLabel(texts.search).fill('relay');
      await said(texts.countFound('2', '7'));
      await page.getByLabel(texts.status, { exact: true }).selectOption(texts.statuses.serving);
      await said(texts.countFound('1', '7'));
      await page.getByLabel(texts.model, { exact: true }).fill('opus');
      await page.waitForURL(/q=relay&status=serving&model=opus/);
      await page.reload();
      expect(await names()).toEqual(['relay-tokyo']);
      await page.getByLabel(texts.search).fill('nothing like it');
      await said(texts.noMatchHint);
      await page.getByRole('link', { name: texts.showAll }).click();
      await said(texts.count(7, '7'));
      for (const direction of ['ascending', 'descending']) {
        await page.getByRole('link', { name: texts.columns.name, exact: true }).and(page.locator('th a')).click();
        await page.locator(`th[aria-sort="${direction}"]`, { hasText: texts.columns.name }).waitFor();
      }
      expect(page.url()).toMatch(/sort=name&order=desc/);
      expect((await names())[0]).toBe('备用中转');
    }, patientMs);

    it('gives a priority in its place, refuses what is none, and says that somebody else was faster', async () => {
      await changePriority(gateway, 'relay-tokyo', 80);
      await changePriority(gateway, 'old-account', 0);
      await visit();
      await priority('relay-tokyo').fill('105');
      await page.keyboard.press('Enter');
      await said(flash.channelSaved('relay-tokyo'));
      expect((await names()).slice(0, 2)).toEqual(['relay-frankfurt', 'relay-tokyo']);
      await priority('openai-team').fill('9999999');
      await page.keyboard.press('Enter');
      await said(texts.problems.priority('1,000,000'));
      await visit();
      expect(await priority('openai-team').inputValue()).toBe('100');
      await priority('old-account').fill('7');
      await changePriority(gateway, 'old-account', 3);
      await page.keyboard.press('Enter');
      await said(texts.problems.stale);
      expect(await priority('old-account').inputValue()).toBe('3');
    }, patientMs);

    it('takes a channel out of service and back, and says of another that it is gone', async () => {
      const id = await gateway.admin.addChannel({ name: 'gone-soon', url: 'https://relay.example.com', models: ['a'] });
      await visit();
      await toggle('openai-team').click();
      await said(flash.channelDisabled('openai-team'));
      await badge('openai-team', texts.states.disabled).waitFor();
      await toggle('openai-team').click();
      await said(flash.channelEnabled('openai-team'));
      await badge('openai-team', texts.states.serving).waitFor();
      await gateway.admin.request('DELETE', `/admin/channels/${id}`);
      await toggle('gone-soon').click();
      await said(texts.problems.unknown);
      expect(await row('gone-soon').count()).toBe(0);
    }, patientMs);

    it('shows at once that a channel cools, why and how long still, and lets it serve again', async () => {
      await visit();
      await badge('anthropic-main', texts.states.serving).waitFor();
      await coolDown(gateway, 'anthropic-main');
      await badge('anthropic-main', texts.states.cooling).waitFor();
      const reason = `${texts.reasons['set by an operator']} · ${texts.backIn}`;
      expect(await row('anthropic-main').locator('.cooling').innerText()).toMatch(new RegExp(`^${reason} (9:\\d\\d|10:00)$`));
      await page.getByRole('button', { name: texts.clearOf('anthropic-main'), exact: true }).click();
      await said(flash.cooldownCleared('anthropic-main'));
      await badge('anthropic-main', texts.states.serving).waitFor();
      expect(await row('anthropic-main').locator('.cooling').count()).toBe(0);
    }, patientMs);

    it('hands out the file of all channels, and takes one back after it told what would happen', async () => {
      await visit();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: texts.exportFile, exact: true }).click()]);
      const file = await download.path();
      await page.getByRole('link', { name: texts.importFile, exact: true }).click();
      await page.getByLabel(channelImport.file, { exact: true }).setInputFiles(file);
      await page.getByRole('button', { name: channelImport.preview, exact: true }).click();
      await page.getByRole('heading', { name: channelImport.summary }).waitFor();
      expect(await page.locator('.figures > div').allInnerTexts()).toEqual([`${channelImport.created}\n0`, `${channelImport.updated}\n7`, `${channelImport.skipped}\n0`]);
      await page.getByRole('button', { name: channelImport.confirm(7, '7'), exact: true }).click();
      await said(flash.channelsImported('0,7,0'));
    }, patientMs);

    it('threw nothing and broke no rule of the policy in all this, save the answers to what was wrong', () => {
      expect(complaints.filter((text) => !/status of (400|404|409)/.test(text))).toEqual([]);
    });
  });
});
