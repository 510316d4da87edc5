import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser } from '../support/browser.js';
import { startDemoGateway, startLiveCalls } from '../support/demo-gateway.js';
import { adminPassword, type Gateway } from '../support/gateway.js';
import { takeScreenshots, wantsScreenshots } from '../support/screenshots.js';

/** The pages that pictures are taken of. */
const pages = {
  login: '/web/login.html',
  overview: '/web/',
  channels: '/web/channels',
  'channel-add': '/web/channels/new',
  'channel-edit': '/web/channels/2/edit',
  'channel-test': '/web/channels/2/test',
  'channel-import': '/web/channels/import',
  connect: '/web/connect',
  logs: '/web/logs',
  stats: '/web/stats?hours=168',
  trend: '/web/trend',
  'trend-compared': '/web/trend?hours=168&channel=2&channel=3&channel=5',
};

describeInBrowser('pictures of the pages', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startDemoGateway();
  }, 60_000);
  afterAll(() => gateway.end(), 60_000);

  it('show what a week of demo traffic left, when they are wanted', async () => {
    const endCalls = await startLiveCalls(gateway, 5);
    const rows = await gateway.admin.channels();
    expect(rows.filter((row) => row.enabled)).toHaveLength(7);
    if (wantsScreenshots) await takeScreenshots(gateway, adminPassword, pages);
    endCalls();
  }, 240_000);
});
