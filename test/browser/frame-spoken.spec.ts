import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, SharedBrowser } from '../support/browser.js';
import { send } from '../support/client.js';
import { sendCurlCommand } from '../support/curl-command.js';
import { adminPassword, clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { everyPageTexts } from '../support/page-texts.js';
import { json } from '../support/script.js';

const patientMs = 60_000;
const answer = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hello.' }], usage: { input_tokens: 9, output_tokens: 2 } };

// The words come from the catalogues: a page that speaks the other language, or says another sentence, is not found.
describeInBrowser('the way in, and out,', () => {
  const browser = new SharedBrowser();
  afterAll(() => browser.close(), patientMs);

  describe.each(everyPageTexts)('in $locale', ({ locale, login, connect, overview, statuses, shared }) => {
    let gateway: Gateway;
    let page: Page;

    beforeAll(async () => {
      gateway = await startGateway();
      page = await browser.page({ locale, permissions: ['clipboard-read', 'clipboard-write'] });
    }, patientMs);
    afterAll(async () => {
      await browser.closePages();
      await gateway.end();
    }, patientMs);

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const heading = (name: string): Promise<void> => page.getByRole('heading', { name, exact: true }).waitFor();
    const stepState = (step: string, state: string): Promise<void> => page.locator(`#step-${step} .step-state`).getByText(state, { exact: true }).waitFor();

    it('asks for the password until it is right', async () => {
      await page.goto(`${gateway.url}/web/`);
      await heading(login.title);
      await page.getByLabel(login.password, { exact: true }).fill('not the password');
      await button(login.submit).click();
      await page.locator('.field-error', { hasText: login.wrong }).waitFor();
      await page.getByLabel(login.password, { exact: true }).fill(adminPassword);
      await button(login.submit).click();
      await heading(overview.title);
    }, patientMs);

    it('leads from nothing to the first request, and says of one that failed why', async () => {
      await page.getByRole('link', { name: overview.beginAction, exact: true }).click();
      await heading(connect.title);
      await stepState('channel', connect.states.next);
      await send(gateway.port, { path: '/v1/messages', headers: [['x-api-key', clientToken]], body: '{"model":"unknown-model"}' });
      await page.locator('#step-request', { hasText: connect.requestFailed }).waitFor();
      await page.locator('#last-attempt', { hasText: `503 ${statuses.words[503]}` }).waitFor();

      const upstream = await gateway.upstreamThat(() => json(200, answer));
      await gateway.admin.addChannel({ name: 'first', url: upstream.url, models: ['claude-sonnet-4-5'] });
      await stepState('channel', connect.states.done);
      await page.getByText(connect.curlTitle, { exact: true }).click();
      await page.locator('#snippet-curl', { hasText: 'claude-sonnet-4-5' }).waitFor();
      await button(connect.copyOf('curl')).click();
      await page.locator('.snippet button', { hasText: connect.copied }).waitFor();
      expect((await sendCurlCommand(gateway, await page.evaluate<string>('navigator.clipboard.readText()'))).status).toBe(200);
      await stepState('request', connect.states.done);
      await page.locator('#last-attempt', { hasText: `200 ${statuses.words[200]}` }).waitFor();
      expect(await page.locator('#step-request').innerText()).toContain(connect.requestDone);
      await page.getByRole('link', { name: connect.toOverview, exact: true }).click();
      await heading(overview.title);
    }, patientMs);

    it('has settings: the theme, and the way out', async () => {
      const settings = page.locator('.settings summary', { hasText: shared.settings });
      await settings.click();
      const kept = page.waitForResponse(`${gateway.url}/web/preferences`);
      await button(shared.themeNames.dark).click();
      await kept;
      await page.goto(`${gateway.url}/web/nothing-here`);
      await heading(shared.problem.notFoundTitle);
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      await page.getByRole('link', { name: shared.problem.home, exact: true }).click();
      await settings.click();
      await button(shared.logOut).click();
      await page.getByText(shared.flash.loggedOut(), { exact: true }).waitFor();
    }, patientMs);

    it.each(everyPageTexts.filter((other) => other.locale !== locale))('speaks $locale when told to', async (other) => {
      await page.locator('.settings summary', { hasText: shared.settings }).click();
      await button(shared.languageNames[other.locale === 'zh-CN' ? 'zh' : 'en']).click();
      await heading(other.login.title);
      expect(await page.getByRole('button', { name: login.submit, exact: true }).count()).toBe(0);
    }, patientMs);
  });
});
