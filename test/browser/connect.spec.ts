import { afterAll, afterEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { send } from '../support/client.js';
import { sendCurlCommand } from '../support/curl-command.js';
import { adminPassword, clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

const answer = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hello.' }], usage: { input_tokens: 9, output_tokens: 2 } };

describeInBrowser('connecting a client', () => {
  const browser = new SharedBrowser();
  const gateways: Gateway[] = [];
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser.close();
    for (const gateway of gateways) await gateway.end();
  }, 60_000);

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<Gateway> => {
    const gateway = await startGateway({ env });
    gateways.push(gateway);
    return gateway;
  };
  const stateOf = (page: Page, step: string) => page.locator(`#step-${step} .step-mark[data-state="done"]`);

  it('leads from nothing to the first request, each step ticked off by itself', async () => {
    const gateway = await start();
    const page = await browser.page({ permissions: ['clipboard-read', 'clipboard-write'] });
    await logIn(page, gateway.url, adminPassword);
    await page.getByRole('link', { name: 'Connect a client' }).click();
    expect(await page.locator('.step-mark[data-state="done"]').count()).toBe(0);

    const upstream = await gateway.upstreamThat(() => json(200, answer));
    await gateway.admin.addChannel({ name: 'first', url: upstream.url, models: ['claude-sonnet-4-5'] });
    await stateOf(page, 'channel').waitFor();

    await page.getByText('curl and everything else').click();
    await page.locator('#snippet-curl', { hasText: 'claude-sonnet-4-5' }).waitFor();
    await page.getByRole('button', { name: 'Copy: curl' }).click();
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    expect((await sendCurlCommand(gateway, command)).status).toBe(200);
    await stateOf(page, 'request').waitFor();
    expect(await page.locator('#last-attempt').innerText()).toContain('200 OK');
    expect(await page.content()).not.toContain(clientToken);

    await send(gateway.port, { path: '/v1/messages', headers: [['x-api-key', clientToken]], body: '{"model":"unknown-model"}' });
    await page.getByText('The last attempt of all was not served:').waitFor();
    expect(await page.locator('#last-attempt').innerText()).toMatch(/200 OK[^]*503/);
    expect(await stateOf(page, 'request').count()).toBe(1);
  }, 60_000);

  it('names the address that the browser uses, and for an open gate a token that may be anything', async () => {
    const gateway = await start({ CCLOAD_AUTH: '' });
    const page = await browser.page();
    const address = gateway.url.replace('127.0.0.1', 'localhost');
    await logIn(page, address, adminPassword);
    await page.goto(`${address}/web/connect.html`);
    expect(await page.locator('#snippet-claude').textContent()).toBe(`export ANTHROPIC_BASE_URL=${address}\nexport ANTHROPIC_AUTH_TOKEN=any-text\nclaude`);
    expect(await page.locator('#snippet-codex').textContent()).toContain(`base_url = "${address}/v1"`);
  }, 60_000);

  it('says in words what went wrong with the first request', async () => {
    const gateway = await start();
    const page = await browser.page({ locale: 'zh-CN' });
    await logIn(page, gateway.url, adminPassword);
    await page.goto(`${gateway.url}/web/connect`);
    await send(gateway.port, { path: '/v1/messages', headers: [['x-api-key', clientToken]], body: '{"model":"unknown-model"}' });
    await page.getByText('503 服务不可用').waitFor();
    expect(await page.locator('#step-request').innerText()).toContain('未能完成');
    expect(await stateOf(page, 'client').count()).toBe(1);
  }, 60_000);

  it.each([true, false])('can be read on a phone, with scripts: %s', async (javaScriptEnabled) => {
    const gateway = gateways[0] ?? (await start());
    const page = await browser.page({ viewport: { width: 390, height: 844 }, javaScriptEnabled, colorScheme: 'dark' });
    await logIn(page, gateway.url, adminPassword);
    await page.goto(`${gateway.url}/web/connect`);
    await page.getByText('Codex', { exact: true }).click();
    expect(await page.locator('#snippet-codex').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Copy: config.toml' }).isVisible()).toBe(javaScriptEnabled);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    if (javaScriptEnabled) expect(await accessibilityProblems(page)).toEqual([]);
  }, 60_000);
});
