import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';

const patientMs = 60_000;

describeInBrowser('the form of a channel', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let page: Page;

  beforeAll(async () => {
    gateway = await startGateway();
    pages = await openOperatorPages(gateway);
    ({ page } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const urls = (): Promise<string> => page.locator('#request-urls').innerText();
  const edit = async (name: string): Promise<void> => {
    await page.goto(`${gateway.url}/web/channels`);
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: `Edit ${name}` }).waitFor();
  };

  it('leads from an empty list to the first channel, by keyboard alone', async () => {
    await page.goto(`${gateway.url}/web/channels`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Add channel' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').focus();
    await page.keyboard.type('first');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://relay.example.com/api/v1');
    await page.keyboard.press('Tab');
    await page.keyboard.type('sk-key-of-the-first-channel');
    await page.keyboard.press('Tab');
    await page.keyboard.type('claude-sonnet-4-5, claude-opus-4-1');
    await page.getByText('2 models').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Channel first was added.').waitFor();
    expect(await page.locator('#channel-list .channel-models').innerText()).toContain('claude-opus-4-1');
  }, patientMs);

  it('shows where requests will go while the base URL is typed, and what is wrong with it', async () => {
    await page.goto(`${gateway.url}/web/channels/new`);
    expect(await urls()).toContain('https://api.anthropic.com/v1/messages');
    const field = page.getByLabel('Base URL');
    await field.fill('https://relay.example.com/v1');
    await page.getByText('https://relay.example.com/v1/chat/completions').waitFor();
    await field.fill('https://relay.example.com/proxy');
    await page.getByText('https://relay.example.com/proxy/v1/responses').waitFor();
    await field.fill('http://relay.example.com/v1/messages');
    await page.getByText('Leave that part out').waitFor();
    expect(await urls()).toContain('clear text');
    await field.fill('relay.example.com');
    await page.getByText('Begin with http:// or https://').waitFor();
    await field.fill('http://169.254.169.254/latest');
    await page.getByText('cloud metadata').waitFor();
    await field.fill('');
    await page.getByText('For example').waitFor();
  }, patientMs);

  it('keeps the key when its field is left empty, and shows the key only when asked to', async () => {
    await edit('first');
    expect(await page.content()).not.toContain('sk-key-of-the-first-channel');
    await page.getByLabel('Name').fill('first-renamed');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Channel first-renamed was saved.').waitFor();
    await edit('first-renamed');
    await page.getByRole('button', { name: 'Show the key' }).click();
    await page.getByText('sk-key-of-the-first-channel').waitFor();
    await page.getByRole('button', { name: 'Hide the key' }).click();
    expect(await page.content()).not.toContain('sk-key-of-the-first-channel');
  }, patientMs);

  it('comes back filled in with a sentence at the field when another channel has the name', async () => {
    await gateway.admin.addChannel({ name: 'taken', url: 'https://relay.example.com', models: ['a'] });
    await edit('first-renamed');
    await page.getByLabel('Name').fill('taken');
    await page.getByLabel('Priority').fill('12');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Another channel has this name; choose a different one.').waitFor();
    expect(await page.getByLabel('Priority').inputValue()).toBe('12');
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityProblems(page)).toEqual([]);
  }, patientMs);

  it('says what somebody else stored meanwhile, and replaces it only when one saves again', async () => {
    await edit('taken');
    const found = (await gateway.admin.channels()).find(({ name }) => name === 'taken');
    await gateway.admin.updateChannel(found?.id ?? 0, { ...found, priority: 77, updated_at: undefined });
    await page.getByLabel('Models').fill('a\nb');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Somebody else changed this channel while you were editing.').waitFor();
    expect(await page.locator('.notice .facts').innerText()).toContain('77');
    expect(await page.getByLabel('Models').inputValue()).toBe('a\nb');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Channel taken was saved.').waitFor();
  }, patientMs);

  it('keeps what was typed for a channel that was deleted meanwhile, and adds it as a new one', async () => {
    const id = await gateway.admin.addChannel({ name: 'deleted-soon', url: 'https://relay.example.com', models: ['a'] });
    await edit('deleted-soon');
    await gateway.admin.request('DELETE', `/admin/channels/${id}`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('This channel was deleted in the meantime.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByLabel('API key').fill('sk-once-more');
    await page.getByRole('button', { name: 'Add channel' }).click();
    await page.getByText('Channel deleted-soon was added.').waitFor();
  }, patientMs);

  it.each([1440, 390])('stays within a window of %d px for a name without a place to break, on every page of its channel', async (width) => {
    const name = `n${width}-`.padEnd(191, 'x');
    const id = await gateway.admin.addChannel({ name, url: 'https://relay.example.com', models: ['a'] });
    const overflow = (): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    await page.setViewportSize({ width, height: 844 });
    for (const what of ['edit', 'delete', 'test']) {
      await page.goto(`${gateway.url}/web/channels/${id}/${what}`);
      expect(await overflow()).toBeLessThanOrEqual(0);
    }
    await page.goto(`${gateway.url}/web/channels/${id}/edit`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText(`Channel ${name} was saved.`).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: `Delete ${name}` }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.waitFor();
    expect(await page.evaluate('document.querySelector("dialog[open]").scrollWidth - document.querySelector("dialog[open]").clientWidth')).toBeLessThanOrEqual(0);
    await dialog.getByRole('link', { name: 'Cancel' }).click();
    await gateway.admin.request('DELETE', `/admin/channels/${id}`);
  }, patientMs);

  it('threw nothing and broke no rule of the policy in all this, save the answers to what was wrong', () => {
    expect(pages.complaints.filter((text) => !/status of (400|404|409)/.test(text))).toEqual([]);
  });
});
