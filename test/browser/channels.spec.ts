import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { channelList } from '../support/channel-list.js';
import { send } from '../support/client.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import { clientToken, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { changePriority, coolDown } from '../support/other-operator.js';
import { json } from '../support/script.js';
import { until } from '../support/until.js';

const patientMs = 60_000;

describeInBrowser('the list of channels', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let page: Page;

  beforeAll(async () => {
    gateway = await startDemoGateway();
    pages = await openOperatorPages(gateway);
    ({ page } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const { rows, names, row, priority, visit, expectSamePage } = channelList(() => ({ page, gateway }));

  it('shows per channel why it cools and for how long still, what it did in a day, and how well', async () => {
    await visit('.html');
    expect(await rows().count()).toBe(7);
    expect(await row('relay-frankfurt').locator('.cooling').innerText()).toMatch(/^rate limit · back in 1\d:\d\d$/);
    const { length } = (await row('anthropic-main').locator('.sparkline polyline').getAttribute('points'))?.split(' ') ?? [];
    expect(length).toBe(24);
    expect(await row('anthropic-main').locator('.channel-success').innerText()).toMatch(/^9\d(\.\d)?%$/);
    expect(await row('old-account').locator('.channel-success').innerText()).toBe('–');
  }, patientMs);

  it('searches and filters while one types, and the address says how, so that it outlives a reload', async () => {
    await visit();
    await page.getByLabel('Search').fill('relay');
    await page.getByText('2 of 7 channels').waitFor();
    await page.getByLabel('Status').selectOption('Serving');
    await page.getByText('1 of 7 channels').waitFor();
    await page.getByRole('combobox', { name: 'Model' }).or(page.getByLabel('Model', { exact: true })).first().fill('opus');
    await page.waitForURL(/q=relay&status=serving&model=opus/);
    await expectSamePage();
    await page.reload();
    expect(await names()).toEqual(['relay-tokyo']);
    await page.getByLabel('Search').fill('nothing like it');
    await page.getByRole('link', { name: 'Show all channels' }).click();
    await page.getByText('7 channels', { exact: true }).waitFor();
  }, patientMs);

  it('sorts by a column and back, and keeps the search', async () => {
    await visit('?q=relay');
    await page.getByRole('link', { name: 'Channel', exact: true }).click();
    await page.waitForURL(/q=relay&sort=name/);
    expect(await names()).toEqual(['relay-frankfurt', 'relay-tokyo']);
    await page.getByRole('link', { name: 'Channel', exact: true }).click();
    await page.waitForURL(/order=desc/);
    expect(await names()).toEqual(['relay-tokyo', 'relay-frankfurt']);
    expect(await page.locator('th[aria-sort="descending"]').innerText()).toContain('Channel');
  }, patientMs);

  it('shows at once what cools by now, while somebody types, and disturbs neither text nor focus', async () => {
    await visit();
    const field = priority('anthropic-main');
    await field.fill('10');
    await changePriority(gateway, 'openai-team', -5);
    await coolDown(gateway, 'anthropic-main');
    await row('anthropic-main').getByText('set by an operator').waitFor();
    await page.keyboard.type('1');
    expect(await field.inputValue()).toBe('101');
    expect((await names()).indexOf('openai-team')).toBe(6);
    const clock = row('anthropic-main').locator('.cooling time');
    const first = await clock.innerText();
    await until('the clock to tick', async () => ((await clock.innerText()) === first ? undefined : true));
    // Leaving the field stores what was typed, and the row comes to another place while the button is pressed.
    await page.getByRole('button', { name: 'Clear the cooldowns of anthropic-main' }).click({ delay: 150 });
    await page.getByText('anthropic-main serves again.').waitFor();
    expect(await row('anthropic-main').locator('.cooling').count()).toBe(0);
    await expectSamePage();
  }, patientMs);

  it('names a single model that cools, as soon as it does, while the channel serves the others', async () => {
    const upstream = await gateway.upstreamThat(() => json(404, { type: 'error', error: { type: 'not_found_error', message: 'model: retired-model' } }));
    await gateway.admin.addChannel({ name: 'knows-one-model-less', url: upstream.url, models: ['retired-model', 'other-model'] });
    await visit('?q=knows-one');
    await send(gateway.port, { path: '/v1/messages', headers: [['authorization', `Bearer ${clientToken}`]], body: '{"model":"retired-model"}' });
    await row('knows-one-model-less').getByText('retired-model · model not found · back in').waitFor();
    expect(await row('knows-one-model-less').locator('.badge').innerText()).toContain('Serving');
    await expectSamePage();
  }, patientMs);

  it('hands out the file of all channels', async () => {
    await visit();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
  }, patientMs);

  it('threw nothing and broke no rule of the policy in all this, save the answers to what was wrong', () => {
    expect(pages.complaints.filter((text) => !/status of (400|404|409)/.test(text))).toEqual([]);
  });
});
