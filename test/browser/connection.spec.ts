import { afterAll, expect, it } from '@jest/globals';
import { describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { adminPassword, startGateway, type Gateway } from '../support/gateway.js';

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
    const page = await browser.page();
    await logIn(page, first.url, adminPassword);
    await page.evaluate('window.isSamePage = true');

    await stop(first);
    await page.getByText('Connection lost, reconnecting…').waitFor();

    const second = await start({ folder: first.process.folder, env });
    await second.admin.addChannel({ name: 'added-meanwhile', url: 'http://127.0.0.1:9', models: ['m'] });
    await page.getByText('Connection lost, reconnecting…').waitFor({ state: 'detached' });
    await page.locator('#channel-health').getByText('added-meanwhile').waitFor();
    expect(await page.evaluate('window.isSamePage')).toBe(true);

    await stop(second);
    await page.getByText('Connection lost, reconnecting…').waitFor();
    // Another database knows nothing of this session.
    await start({ env });
    const again = page.getByRole('link', { name: 'Log in again' });
    await again.waitFor();
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await page.waitForTimeout(6_000);
    expect(asked.filter((url) => url.includes('/admin/events'))).toEqual([]);
    await again.click();
    await page.waitForURL(/\/web\/login\.html\?redirect=%2Fweb%2F$/);
  }, 90_000);
});
