import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { describeInBrowser, logIn, SharedBrowser } from '../support/browser.js';
import { adminPassword, startGateway, type Gateway } from '../support/gateway.js';
import { reply } from '../support/script.js';

const patientMs = 60_000;
const foreign = 'http://elsewhere.test/';
/** It takes a moment to run, so what is there after it has run would be there by now. */
const runs = "document.documentElement.setAttribute('data-ran', location.origin); fetch('/admin/channels')";

const pages: readonly (readonly [status: number, type: string, body: string])[] = [
  [400, 'text/html', `<!doctype html><title>no</title><script>${runs}</script>`],
  [400, 'application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${runs}</script></body></html>`],
  [200, 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg"><script>${runs}</script></svg>`],
  [200, 'text/xml', `<x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>${runs}</h:script></x>`],
];

/** Sends what looks like a model call, as a form can: `{"model":"…","x":"="}`. */
const formTo = (url: string, model: string): string =>
  `<form method=post enctype=text/plain action="${url}/v1/messages"><input name='{"model":"${model}","x":"' value='"}'></form>`;

describeInBrowser('a gateway without tokens, where an operator is logged in', () => {
  const browser = new SharedBrowser();
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { CCLOAD_AUTH: '' } });
  }, patientMs);
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser.close();
    await gateway.end();
  }, patientMs);

  const operatorsPage = async (): Promise<Page> => {
    const page = await browser.page();
    await logIn(page, gateway.url, adminPassword);
    return page;
  };

  const openForeign = async (page: Page, model: string): Promise<void> => {
    await page.route(foreign, (route) => route.fulfill({ contentType: 'text/html', body: formTo(gateway.url, model) }));
    await page.goto(foreign);
  };

  const submit = async (page: Page): Promise<void> => {
    await Promise.all([page.waitForURL(`${gateway.url}/v1/messages`), page.evaluate('document.forms[0].submit()')]);
    await page.waitForLoadState();
  };

  it('cannot be made to call an upstream by the form of another site', async () => {
    const upstream = await gateway.upstream(reply(200, [['content-type', 'application/json']], '{}'));
    const { model } = await gateway.serve(upstream.url);
    const page = await operatorsPage();
    await openForeign(page, model);

    await submit(page);

    expect(await page.locator('body').innerText()).toContain('Pages in a browser may not call here');
    expect(upstream.requests).toEqual([]);
  });

  it.each(pages)('lets nothing run of an upstream’s page: %i %s', async (status, type, body) => {
    const upstream = await gateway.upstream(reply(status, [['content-type', type]], body));
    const { model } = await gateway.serve(upstream.url);
    const page = await operatorsPage();
    await openForeign(page, model);
    // As if the form could say that it sends JSON.
    await page.route(`${gateway.url}/v1/messages`, (route) => route.continue({ headers: { ...route.request().headers(), 'content-type': 'application/json' } }));
    const asked: string[] = [];
    page.on('request', (request: Request) => void asked.push(new URL(request.url()).pathname));

    await submit(page);

    expect(upstream.requests).toHaveLength(1);
    expect(await page.content()).toContain('data-ran');
    expect(await page.locator(':root').getAttribute('data-ran')).toBeNull();
    expect(asked).not.toContain('/admin/channels');
  });

  it.each(pages)('(the same page, served by itself, runs: %i %s)', async (status, contentType, body) => {
    const page = await browser.page();
    await page.route(foreign, (route) => route.fulfill({ status, contentType, body }));

    await page.goto(foreign);

    expect(await page.locator(':root').getAttribute('data-ran')).toBe(new URL(foreign).origin);
  });
});
