import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';
import { json, sse } from '../support/script.js';

const patientMs = 60_000;

const answer = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant' },
  content: [{ type: 'text', text: '<b>Hello</b> from the upstream.' }],
  usage: { input_tokens: 1_042, output_tokens: 7 },
};
const event = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const streamed = [
  event('message_start', { message: { ...answer, content: [] } }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello in ' } }),
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'two pieces.' } }),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } }),
  event('message_stop', {}),
];

describeInBrowser('the test of a channel', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let page: Page;

  beforeAll(async () => {
    gateway = await startGateway();
    const works = await gateway.upstreamThat(({ body }) => (body.includes('"stream":true') ? sse(streamed) : json(200, answer)));
    const fails = await gateway.upstreamThat(() => json(401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }));
    await gateway.admin.addChannel({ name: 'works', url: works.url, models: ['claude-sonnet-4-5', 'claude-opus-4-1'] });
    await gateway.admin.addChannel({ name: 'fails', url: fails.url, models: ['claude-sonnet-4-5'] });
    pages = await openOperatorPages(gateway);
    ({ page } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const dialog = (): Locator => page.locator('dialog[open]');
  const open = async (name: string): Promise<void> => {
    await page.goto(`${gateway.url}/web/channels`);
    await page.getByRole('link', { name: `Test ${name}` }).click();
    await dialog().waitFor();
  };
  const ask = async (): Promise<string> => {
    await dialog().getByRole('button', { name: /Send/ }).click();
    await dialog().locator('#verdict').waitFor();
    return dialog().locator('#verdict').innerText();
  };

  it('opens over the list and tells in words that a streaming answer came, how fast, and what it said', async () => {
    await open('works');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await dialog().getByLabel('Model').inputValue()).toBe('claude-sonnet-4-5');
    const verdict = await ask();
    expect(verdict).toContain('It works');
    expect(verdict).toContain('Hello in two pieces.');
    expect(verdict).toContain('1,042 in · 7 out');
    expect(verdict).toMatch(/Duration\s+\d+\sms/);
    expect(verdict).toMatch(/First byte\s+\d+\sms/);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, patientMs);

  it('asks for a whole answer, of a model that is typed, as another kind of client, and shows markup as text', async () => {
    await open('works');
    await dialog().getByLabel('Model').fill('a-model-of-mine');
    await dialog().getByLabel('Stream the answer').uncheck();
    expect(await ask()).toContain('<b>Hello</b> from the upstream.');
    await dialog().getByText('Raw response').click();
    expect(await dialog().locator('details pre').innerText()).toContain('"input_tokens":1042');
  }, patientMs);

  it('tells in words that a channel refuses its key, and lets one ask again', async () => {
    await open('fails');
    const verdict = await ask();
    expect(verdict).toContain('It does not work');
    expect(verdict).toContain('401 Key refused');
    expect(verdict).toContain('The reason');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Send again' }).waitFor();
  }, patientMs);

  it('says at the field that a message is missing, and sends nothing', async () => {
    await open('works');
    await dialog().getByLabel('Message').fill('  ');
    await dialog().getByRole('button', { name: 'Send' }).click();
    await dialog().getByText('Enter a message of 1 to 10,000 characters.').waitFor();
    expect(await dialog().getByLabel('Message').evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  }, patientMs);

  it('is closed by Escape, and gives the focus back to its link', async () => {
    await open('works');
    await page.keyboard.press('Escape');
    expect(await dialog().count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Test works' }).evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  }, patientMs);

  it('is a page of its own without scripts, in Chinese and on a phone', async () => {
    const { plain } = pages;
    await plain.goto(`${gateway.url}/web/channels`);
    await plain.getByRole('link', { name: '测试 fails' }).click();
    await plain.getByRole('button', { name: '发送' }).click();
    expect(await plain.locator('#verdict').innerText()).toContain('渠道不可用');
    expect(await plain.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }, patientMs);
});
