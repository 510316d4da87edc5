import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { send } from '../support/client.js';
import { startDemoGateway, startLiveCalls } from '../support/demo-gateway.js';
import { adminPassword, clientToken, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';
import { until } from '../support/until.js';

describeInBrowser('the overview, while something happens,', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;
  let operator: Page;

  beforeAll(async () => {
    gateway = await startDemoGateway();
    operator = await browser.page();
    await logIn(operator, gateway.url, adminPassword);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, 60_000);

  /** The page with a mark that a reload would wipe away. */
  const open = async (): Promise<Page> => {
    await operator.goto(`${gateway.url}/web/`);
    await operator.evaluate('window.isSamePage = true');
    return operator;
  };
  const isSamePage = (page: Page): Promise<unknown> => page.evaluate('window.isSamePage === true');
  const rowOf = (page: Page, channel: string) => page.locator('#channel-health tr', { hasText: channel });
  const channelId = async (name: string): Promise<number> => (await gateway.admin.channels()).find((channel) => channel.name === name)?.id ?? 0;

  it('lists requests while they are under way, and no longer', async () => {
    const page = await open();
    const endCalls = await startLiveCalls(gateway, 2);
    const entries = page.locator('#live .entry', { hasText: 'gpu-in-the-office' });
    await entries.filter({ hasText: /kB/ }).nth(1).waitFor();
    expect(await entries.first().innerText()).toMatch(/^qwen3-coder\n\d:\d\d\ngpu-in-the-office\n9\.\d kB$/);
    expect(await page.locator('#tile-live .tile-value').textContent()).toBe('2');
    endCalls();
    await page.getByText('Nothing is under way.').waitFor();
    expect(await page.locator('#live .entry').count()).toBe(0);
    expect(await isSamePage(page)).toBe(true);
  }, 60_000);

  it('says at once that a channel cools, why, and how long still; and that it serves again', async () => {
    const page = await open();
    const id = await channelId('relay-tokyo');
    await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 300_000 });
    const row = rowOf(page, 'relay-tokyo');
    await row.getByText('set by an operator').waitFor();
    const clock = row.locator('time');
    const first = await clock.textContent();
    await until('the clock to tick', async () => ((await clock.textContent()) === first ? undefined : true));
    expect(await clock.textContent()).toMatch(/^4:\d\d$/);
    await gateway.admin.request('DELETE', `/admin/channels/${id}/cooldown`);
    await row.getByText('Serving').waitFor();
    expect(await isSamePage(page)).toBe(true);
  }, 60_000);

  it('looks again when a cooldown has ended by itself', async () => {
    const page = await open();
    const id = await channelId('openai-team');
    await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 10_000 });
    await rowOf(page, 'openai-team').getByText('Cooling').waitFor();
    await rowOf(page, 'openai-team').getByText('Serving').waitFor();
    expect(await isSamePage(page)).toBe(true);
  }, 60_000);

  it('tells an error with its status in words and what became of the request', async () => {
    const page = await open();
    const upstream = await gateway.upstreamThat(() => json(529, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }));
    await gateway.admin.addChannel({ name: 'always-busy', url: upstream.url, models: ['busy-model'] });
    await send(gateway.port, { path: '/v1/messages', headers: [['authorization', `Bearer ${clientToken}`]], body: '{"model":"busy-model"}' });
    const entry = page.locator('#last-errors .entry', { hasText: 'always-busy' });
    await entry.waitFor();
    expect(await entry.innerText()).toContain('529 Overloaded');
    expect(await entry.innerText()).toContain('reached the client');
    expect(await isSamePage(page)).toBe(true);
  }, 60_000);

  it('leads in two clicks from a channel that cools to one that serves', async () => {
    const page = await open();
    await gateway.admin.request('POST', `/admin/channels/${await channelId('relay-tokyo')}/cooldown`, { duration_ms: 300_000 });
    await rowOf(page, 'relay-tokyo').getByText('Cooling').waitFor();
    await page.getByRole('link', { name: 'relay-tokyo' }).click();
    await page.getByRole('button', { name: 'Clear the cooldowns of relay-tokyo' }).click();
    await page.getByText('relay-tokyo serves again.').waitFor();
  }, 60_000);

  it('brings a part up to date that has the focus, and leaves the focus there', async () => {
    const page = await open();
    const region = page.getByRole('region', { name: 'Channels' });
    await region.focus();
    const id = await channelId('anthropic-main');
    await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 300_000 });
    await rowOf(page, 'anthropic-main').getByText('Cooling').waitFor();
    expect(await region.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await gateway.admin.request('DELETE', `/admin/channels/${id}/cooldown`);
  }, 60_000);
});
