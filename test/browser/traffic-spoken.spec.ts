import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, SharedBrowser } from '../support/browser.js';
import { startDemoGateway, startLiveCalls } from '../support/demo-gateway.js';
import type { Gateway } from '../support/gateway.js';
import { failoverPair, type FailoverPair } from '../support/model-calls.js';
import { coolDown, endCooldown } from '../support/other-operator.js';
import { everyPageTexts } from '../support/page-texts.js';
import { openReaders, readerOf, type Reader } from '../support/readers.js';

const patientMs = 60_000;

// The words come from the catalogues: a page that speaks the other language, or says another sentence, is not found.
describeInBrowser('what happened, and what happens,', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;
  let pair: FailoverPair;
  let failedOver: string;
  let readers: readonly Reader[];

  beforeAll(async () => {
    gateway = await startDemoGateway();
    readers = await openReaders(browser, gateway);
    pair = await failoverPair(gateway);
  }, patientMs);
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, patientMs);

  const toEveryReader = async (see: (reader: Reader) => Promise<void>): Promise<void> => {
    for (const reader of readers) await see(reader);
  };

  it('is told on the overview to readers of every language, while it happens', async () => {
    const health = (page: Page) => page.locator('#channel-health tr', { hasText: 'relay-tokyo' });
    await toEveryReader(({ page, texts }) => page.getByRole('heading', { name: texts.overview.live, exact: true }).waitFor());

    const endCalls = await startLiveCalls(gateway, 1);
    await toEveryReader(async ({ page, texts }) => {
      await page.locator('#live .entry', { hasText: 'gpu-in-the-office' }).filter({ hasText: 'kB' }).waitFor();
      expect(await page.locator('#tile-live').innerText()).toContain(texts.overview.liveNow);
      expect(await page.locator('#tile-live .tile-value').innerText()).toBe('1');
    });
    endCalls();
    await toEveryReader(({ page, texts }) => page.getByText(texts.overview.noLive, { exact: true }).waitFor());

    await coolDown(gateway, 'relay-tokyo');
    await toEveryReader(async ({ page, texts: { overview } }) => {
      await health(page).locator('.badge', { hasText: overview.states.cooling }).waitFor();
      expect(await health(page).locator('.cooling').innerText()).toMatch(new RegExp(`^${overview.reasons['set by an operator']} · ${overview.untilLabel} (9:\\d\\d|10:00)$`));
    });
    await endCooldown(gateway, 'relay-tokyo');
    await toEveryReader(({ page, texts }) => health(page).locator('.badge', { hasText: texts.overview.states.serving }).waitFor());

    failedOver = await pair.call();
    await toEveryReader(async ({ page, texts }) => {
      const entry = page.locator('#last-errors .entry', { hasText: pair.model });
      await entry.waitFor();
      expect(await entry.innerText()).toContain(`429 ${texts.statuses.words[429]}`);
      expect(await entry.innerText()).toContain(texts.overview.movedOn);
    });
  }, patientMs);

  describe.each(everyPageTexts)('is found in $locale', ({ locale, shared, statuses, logs, request, stats, trend }) => {
    let page: Page;
    beforeAll(() => {
      ({ page } = readerOf(readers, locale));
    });
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const rowOf = (id: string) => page.locator('tr[data-id]').filter({ has: page.locator(`a[href$="${id}"]`) });
    const visit = async (path: string, title: string): Promise<void> => {
      await page.goto(`${gateway.url}/web/${path}`);
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    };

    it('in the log, filtered, with every attempt of a request', async () => {
      await visit('logs?status=teapot', logs.title);
      expect(await page.locator('.field-error').innerText()).toContain(logs.problems.status);
      await page.getByRole('link', { name: logs.filterClear, exact: true }).click();
      await page.getByLabel(logs.model, { exact: true }).fill(pair.model);
      await page.getByLabel(logs.status, { exact: true }).selectOption('4xx');
      await button(logs.filterSubmit).click();
      await page.getByText(logs.oneEntry, { exact: true }).waitFor();
      expect(await rowOf(failedOver).innerText()).toContain(`429 ${statuses.words[429]}`);
      await rowOf(failedOver).getByTitle(logs.open(failedOver), { exact: true }).press('Enter');
      await page.locator('.log-open').getByRole('heading', { name: request.decisions, exact: true }).waitFor();
      expect(await page.locator('.log-open .attempts tbody tr').last().innerText()).toContain(request.allWell);
      await page.keyboard.press('Escape');
      expect(await page.locator('.log-open').count()).toBe(0);
    }, patientMs);

    it('in the log, as it grows, when one wants to see it', async () => {
      await visit(`logs?model_like=${pair.model}`, logs.title);
      await page.locator('#follow[aria-pressed="true"]', { hasText: logs.live }).waitFor();
      await rowOf(failedOver).first().getByRole('link').click();
      await page.locator('.log-open').waitFor();
      const id = await pair.call();
      await button(logs.newRows('1')).click();
      await rowOf(id).waitFor();
      await button(logs.live).click();
      expect(await page.locator('#follow').getAttribute('aria-pressed')).toBe('false');
      await button(logs.live).click();
    }, patientMs);

    it('in the statistics, sorted, and from there in the log', async () => {
      await visit('stats?hours=168', stats.title);
      await page.locator('.kinds tfoot', { hasText: stats.sum }).waitFor();
      for (const direction of ['ascending', 'descending']) {
        await page.locator('.kinds').getByTitle(stats.sortBy(stats.columns.model), { exact: true }).click();
        await page.locator(`th[aria-sort="${direction}"]`, { hasText: stats.columns.model }).waitFor();
      }
      const link = page.locator('.kinds tbody .kind-model a').first();
      const model = await link.innerText();
      await link.click();
      await page.locator('tr[data-id]').first().waitFor();
      expect(await page.getByLabel(logs.model, { exact: true }).inputValue()).toBe(model);
    }, patientMs);

    it('in the trend of some channels over a week, zoomed, and as a table', async () => {
      await visit('trend', trend.title);
      await page.getByRole('navigation', { name: shared.span, exact: true }).getByRole('link', { name: shared.lastDays(7), exact: true }).click();
      await page.locator('.compare summary', { hasText: trend.allChannels }).click();
      for (const name of ['anthropic-main', 'openai-team']) await page.getByLabel(name, { exact: true }).check();
      await button(trend.show).click();
      await page.waitForURL(/hours=168&channel=\d&channel=\d$/);
      const chart = page.locator('figure[data-chart="requests"]');
      await chart.locator('canvas').waitFor();
      await chart.locator('.chart-plot').press('+');
      await chart.getByRole('button', { name: shared.resetZoom, exact: true }).click();
      await chart.getByText(shared.showAsTable, { exact: true }).click();
      expect(await chart.locator('thead th').allInnerTexts()).toEqual([trend.time, 'anthropic-main', 'openai-team']);
    }, patientMs);
  });

  it('threw nothing and broke no rule of the policy in all this, save the answer to a wrong filter', () => {
    expect(readers.flatMap(({ complaints }) => complaints).filter((text) => !/status of 400/.test(text))).toEqual([]);
  });
});
