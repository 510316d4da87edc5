import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { channelList } from '../support/channel-list.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import type { Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { changePriority } from '../support/other-operator.js';

const patientMs = 60_000;

describeInBrowser('a row of the list of channels', () => {
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

  const { names, row, priority, visit, expectSamePage } = channelList(() => ({ page, gateway }));

  it('changes a priority in its place, by keyboard, and the list comes into its new order', async () => {
    await visit();
    await priority('relay-tokyo').fill('105');
    await page.keyboard.press('Enter');
    await page.getByText('Channel relay-tokyo was saved.').waitFor();
    await page.getByRole('switch', { name: 'relay-tokyo takes requests' }).click();
    await page.getByText('relay-tokyo takes no more requests.').waitFor();
    const { text } = await gateway.admin.request('GET', '/admin/audit');
    expect(text.split('changed: priority')).toHaveLength(2);
    expect(text).not.toContain('changed: nothing');
    expect((await names()).slice(0, 3)).toEqual(['relay-frankfurt', 'relay-tokyo', 'anthropic-main']);
    await expectSamePage();
  }, patientMs);

  it('says that a priority is none, keeps what was typed to be mended, and changes nothing', async () => {
    await visit();
    await priority('openai-team').fill('9999999');
    await page.keyboard.press('Enter');
    await page.getByText('whole number from −1,000,000 to 1,000,000').waitFor();
    expect(await priority('openai-team').inputValue()).toBe('9999999');
    expect(await priority('openai-team').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.reload();
    expect(await priority('openai-team').inputValue()).toBe('100');
  }, patientMs);

  it('keeps the page while the gateway is away, and says that the connection is lost', async () => {
    await visit();
    await page.route(/\/web\/channels/, (route) => (route.request().method() === 'POST' ? route.abort('connectionrefused') : route.continue()));
    await page.getByRole('switch', { name: 'old-account takes requests' }).click();
    await page.getByText('Connection lost').waitFor();
    await expectSamePage();
    await page.unroute(/\/web\/channels/);
    await page.getByRole('switch', { name: 'old-account takes requests' }).click();
    await page.getByText('old-account takes requests.').waitFor();
    expect(await page.getByText('Connection lost').count()).toBe(0);
    await page.getByRole('switch', { name: 'old-account takes requests' }).click();
    await page.getByText('old-account takes no more requests.').waitFor();
  }, patientMs);

  it('says in words that somebody else was faster, and changes nothing', async () => {
    await visit();
    const field = priority('old-account');
    await field.fill('7');
    await changePriority(gateway, 'old-account', 3);
    await page.keyboard.press('Enter');
    await page.getByText('Somebody else changed this channel in the meantime.').waitFor();
    expect(await field.inputValue()).toBe('3');
  }, patientMs);

  it('takes a channel out of service and back by its switch, with the space bar, and keeps the focus there', async () => {
    await visit();
    const toggle = page.getByRole('switch', { name: 'openai-team takes requests' });
    await toggle.focus();
    await page.keyboard.press('Space');
    await page.getByText('openai-team takes no more requests.').waitFor();
    expect(await row('openai-team').locator('.badge').innerText()).toContain('Disabled');
    expect(await toggle.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Space');
    await row('openai-team').getByText('Serving').waitFor();
    await expectSamePage();
  }, patientMs);

  it('copies a channel as often as one likes, each copy with a name of its own and disabled', async () => {
    for (const name of ['备用中转 copy', '备用中转 copy 2', '备用中转 copy 3']) {
      await visit();
      await page.getByRole('button', { name: 'Copy 备用中转', exact: true }).click();
      await page.getByRole('heading', { name: `Edit ${name}` }).waitFor();
    }
    await visit('?q=copy&status=disabled');
    expect(await names()).toEqual(['备用中转 copy', '备用中转 copy 2', '备用中转 copy 3']);
  }, patientMs);

  it('asks before it deletes, in a dialog; Escape keeps the channel and gives the focus back', async () => {
    await visit();
    const link = page.getByRole('link', { name: 'Delete old-account' });
    await link.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delete old-account?' });
    await dialog.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(await link.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Delete channel' }).click();
    await page.getByText('Channel old-account was deleted.').waitFor();
    expect(await row('old-account').count()).toBe(0);
  }, patientMs);

  it('says that a channel is gone which another tab still lists', async () => {
    const id = await gateway.admin.addChannel({ name: 'gone-soon', url: 'https://relay.example.com', models: ['a'] });
    await visit();
    await gateway.admin.request('DELETE', `/admin/channels/${id}`);
    await page.getByRole('switch', { name: 'gone-soon takes requests' }).click();
    await page.getByText('This channel was deleted in the meantime.').waitFor();
    expect(await row('gone-soon').count()).toBe(0);
  }, patientMs);

  it('threw nothing and broke no rule of the policy in all this, save the answers to what was wrong', () => {
    expect(pages.complaints.filter((text) => !/status of (400|404|409)|ERR_CONNECTION_REFUSED/.test(text))).toEqual([]);
  });
});
