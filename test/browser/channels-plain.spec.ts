import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityProblems, describeInBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openOperatorPages, type OperatorPages } from '../support/operator-pages.js';

const patientMs = 60_000;
const csv = (...lines: readonly string[]): { readonly name: string; readonly mimeType: string; readonly buffer: Buffer } => ({
  name: 'channels.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['name,api_key,url,models,priority,enabled', ...lines].join('\n')),
});

describeInBrowser('channels, in Chinese, on a phone and without scripts,', () => {
  let gateway: Gateway;
  let pages: OperatorPages;
  let plain: Page;

  beforeAll(async () => {
    gateway = await startGateway();
    pages = await openOperatorPages(gateway);
    ({ plain } = pages);
  }, patientMs);
  afterAll(async () => {
    await pages.close();
    await gateway.end();
  }, patientMs);

  const list = (): Promise<unknown> => plain.goto(`${gateway.url}/web/channels`);
  const names = (): Promise<readonly string[]> => plain.locator('#channel-list .channel-name a').allInnerTexts();
  const fillIn = async (name: string, url: string): Promise<void> => {
    await plain.getByLabel('名称').fill(name);
    await plain.locator('#field-url').fill(url);
    await plain.locator('#field-api_key').fill('sk-0123456789');
    await plain.locator('#field-models').fill('claude-sonnet-4-5');
    await plain.getByRole('button', { name: '添加渠道' }).click();
  };

  it('are added; a form that is wrong comes back filled in, with a sentence at the field and without the key', async () => {
    await list();
    await plain.getByRole('link', { name: '添加渠道' }).click();
    await fillIn('第一个', 'https://user:secret@relay.example.com');
    expect(await plain.locator('.field-error').allInnerTexts()).toHaveLength(2);
    expect(await plain.getByLabel('名称').inputValue()).toBe('第一个');
    expect(await plain.locator('#field-api_key').inputValue()).toBe('');
    await fillIn('第一个', 'https://relay.example.com');
    expect(plain.url()).toBe(`${gateway.url}/web/channels`);
    expect(await names()).toEqual(['第一个']);
  }, patientMs);

  it('get another priority, are switched off, copied and found', async () => {
    await list();
    await plain.locator('.priority').fill('42');
    await plain.getByRole('button', { name: /^保存/ }).click();
    expect(await plain.locator('.priority').inputValue()).toBe('42');
    await plain.getByRole('switch').click();
    expect(await plain.locator('.channel-state .badge').innerText()).toContain('已停用');
    await plain.getByRole('button', { name: /^复制/ }).click();
    await list();
    await plain.getByLabel('搜索').fill('copy');
    await plain.getByRole('button', { name: '应用' }).click();
    expect(plain.url()).toContain('q=copy');
    expect(await names()).toEqual(['第一个 copy']);
    expect(await plain.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }, patientMs);

  it('are edited, and deleted after a page that asks; to cancel keeps them', async () => {
    await list();
    await plain.getByRole('link', { name: '第一个 copy', exact: true }).click();
    await plain.getByLabel('名称').fill('第二个');
    await plain.getByRole('button', { name: '保存' }).click();
    await plain.getByRole('link', { name: '删除 第二个' }).click();
    await plain.getByRole('link', { name: '取消' }).click();
    expect(await names()).toContain('第二个');
    await plain.getByRole('link', { name: '删除 第二个' }).click();
    await plain.getByRole('button', { name: '删除渠道' }).click();
    expect(await names()).toEqual(['第一个']);
  }, patientMs);

  it('come from a file: first what would happen, line by line, and nothing stored before it is confirmed', async () => {
    await list();
    await plain.getByRole('link', { name: '导入 CSV' }).click();
    await plain.locator('input[type=file]').setInputFiles(csv('第一个,sk-1,https://relay.example.com,a,1,true', '新的,sk-2,https://two.example.com,"a,b",2,true', '坏的,sk-3,nowhere,a,3,true', '没有模型,sk-4,https://four.example.com,,x,true'));
    await plain.getByRole('button', { name: '预览' }).click();
    expect(await plain.locator('.figures dd').allInnerTexts()).toEqual(['1', '1', '2']);
    expect(await plain.locator('.errors tbody tr').allInnerTexts()).toEqual([expect.stringMatching(/^4\s+URL 须以/), expect.stringMatching(/^5\s+模型.*；优先级/)]);
    expect(await gateway.admin.channels()).toHaveLength(1);
    await plain.getByRole('button', { name: '导入 2 行' }).click();
    expect(await names()).toEqual(expect.arrayContaining(['第一个', '新的']));
  }, patientMs);

  it.each([
    ['nothing but rubbish', '缺少列'],
    ['name,api_key,url,models\n', '没有可以导入的行'],
  ])('do not come from a file with %j, and a sentence says why', async (text, sentence) => {
    await plain.goto(`${gateway.url}/web/channels/import`);
    await plain.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await plain.getByRole('button', { name: '预览' }).click();
    expect(await plain.locator('main').innerText()).toContain(sentence);
  }, patientMs);

  it.each(['', '?q=nothing-like-it', '/new', '/1/edit', '/1/test', '/1/delete', '/import'])('have nothing that axe finds serious at %j, in the dark and on a phone', async (path) => {
    const { page } = pages;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${gateway.url}/web/channels${path}`);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }, patientMs);
});
