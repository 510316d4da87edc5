import { afterAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { SharedTexts } from '../../src/dashboard/text/shared.en.js';
import { describeInBrowser, SharedBrowser } from '../support/browser.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openReaders } from '../support/readers.js';

describeInBrowser('a page whose gateway goes away', () => {
  const browser = new SharedBrowser();
  const gateways: Gateway[] = [];
  afterAll(async () => {
    await browser.close();
    for (const gateway of gateways) await gateway.end();
  }, 60_000);

  const start = async (options: Parameters<typeof startGateway>[0] = {}): Promise<Gateway> => {
    const gateway = await startGateway(options);
    gateways.push(gateway);
    return gateway;
  };
  const stop = async (gateway: Gateway): Promise<void> => {
    gateway.process.signal('SIGTERM');
    await gateway.process.exitCode();
  };

  it('says so, goes on when it is back, and asks to log in when the session is no more', async () => {
    const first = await start();
    const env = { PORT: String(first.port) };
    const readers = await openReaders(browser, first);
    const everyReader = async (see: (page: Page, texts: SharedTexts) => Promise<unknown>): Promise<void> => {
      for (const { page, texts } of readers) await see(page, texts.shared);
    };
    await everyReader((page) => page.evaluate('window.isSamePage = true'));

    await stop(first);
    await everyReader((page, texts) => page.getByText(texts.connectionLost, { exact: true }).waitFor());

    const second = await start({ folder: first.process.folder, env });
    await second.admin.addChannel({ name: 'added-meanwhile', url: 'http://127.0.0.1:9', models: ['m'] });
    await everyReader(async (page, texts) => {
      await page.getByText(texts.connectionLost, { exact: true }).waitFor({ state: 'detached' });
      await page.locator('#channel-health').getByText('added-meanwhile').waitFor();
      expect(await page.evaluate('window.isSamePage')).toBe(true);
    });

    await stop(second);
    await everyReader((page, texts) => page.getByText(texts.connectionLost, { exact: true }).waitFor());
    // Another database knows nothing of this session.
    await start({ env });
    await everyReader((page, texts) => page.getByText(texts.sessionEnded, { exact: true }).waitFor());
    const asked: string[] = [];
    await everyReader(async (page) => page.on('request', (request) => void asked.push(request.url())));
    await readers[0]?.page.waitForTimeout(6_000);
    expect(asked.filter((url) => url.includes('/admin/events'))).toEqual([]);
    await everyReader(async (page, texts) => {
      await page.getByRole('link', { name: texts.logInAgain, exact: true }).click();
      await page.waitForURL(/\/web\/login\.html\?redirect=%2Fweb%2F$/);
    });
  }, 90_000);
});
