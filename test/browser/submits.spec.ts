import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { silence } from '../support/script.js';

const patientMs = 60_000;

describeInBrowser('a form that is sent twice', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let page: Page;
  let sent = 0;

  beforeAll(async () => {
    gateway = await startGateway();
    pages = await openOperatorPages(gateway);
    ({ page } = pages);
    page.setDefaultTimeout(8_000);
    page.on('request', (request) => { if (request.method() === 'POST') sent += 1; });
  }, patientMs);
  beforeEach(async () => {
    for (const { id } of await gateway.admin.channels()) await gateway.admin.request('DELETE', `/admin/channels/${id}`);
    await gateway.admin.addChannel({ name: 'main', url: 'https://relay.example.com', models: ['a'] });
    await page.goto(`${gateway.url}/web/channels`);
    sent = 0;
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  /** The gateway stands still meanwhile, as a slow one seems to. */
  const clickTwice = async (button: string): Promise<void> => {
    await page.locator(button).waitFor();
    gateway.process.signal('SIGSTOP');
    try {
      await page.evaluate(`(async () => {
        const button = document.querySelector(${JSON.stringify(button)});
        button.click();
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        button.click();
      })()`);
    } finally {
      gateway.process.signal('SIGCONT');
    }
  };
  const edit = async (): Promise<void> => {
    await page.getByRole('link', { name: 'main', exact: true }).click();
    await page.getByRole('heading', { name: 'Edit main' }).waitFor();
  };

  it('saves a channel once', async () => {
    await edit();
    await page.getByLabel('Priority').fill('7');
    await clickTwice('#channel-form .form-end button');
    await page.getByText('Channel main was saved.').waitFor();
    expect(sent).toBe(1);
  }, patientMs);

  it('copies a channel once', async () => {
    await clickTwice('button[name=copy]');
    await page.getByText('main copy was made').waitFor();
    expect(await gateway.admin.channels()).toHaveLength(2);
  }, patientMs);

  it('deletes a channel once, in the dialog', async () => {
    await page.getByRole('link', { name: 'Delete main' }).click();
    await clickTwice('dialog[open] button');
    await page.getByText('Channel main was deleted.').waitFor();
    expect(sent).toBe(1);
  }, patientMs);

  it('imports a file once', async () => {
    await page.goto(`${gateway.url}/web/channels/import`);
    const csv = 'name,api_key,url,models\nother,k,https://relay.example.com,a\n';
    await page.getByLabel('CSV file').setInputFiles({ name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Import 1 row' }).waitFor();
    sent = 0;
    await clickTwice('form[action$=confirm] button');
    await page.getByText('Imported: 1 created').waitFor();
    expect(sent).toBe(1);
  }, patientMs);

  it('can be sent again once Back has led to it', async () => {
    await edit();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Channel main was saved.').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.locator('.notice').first().waitFor();
    expect(sent).toBe(2);
  }, patientMs);

  it('can be sent again once the reader has stopped the page from loading', async () => {
    const upstream = await gateway.upstreamThat(() => silence());
    const id = await gateway.admin.addChannel({ name: 'silent', url: upstream.url, models: ['a'] });
    await page.goto(`${gateway.url}/web/channels/${id}/test`);
    // In one go, because the driver waits for pages that load.
    const busy = await page.evaluate<readonly boolean[]>(`(async () => {
      const form = document.querySelector('form[data-sending]');
      const isBusyLater = () => new Promise((resolve) => { setTimeout(() => resolve(form.hasAttribute('aria-busy')), 300); });
      form.requestSubmit();
      const before = await isBusyLater();
      window.stop();
      return [before, await isBusyLater()];
    })()`);
    expect(busy).toEqual([true, false]);
  }, patientMs);
});
