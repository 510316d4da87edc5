import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const usualPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const named = process.env['CCLOAD_CHROMIUM'];
const executable = [...(named === undefined ? [] : [named]), ...usualPaths].find((path) => existsSync(path));
const missing = `no Chromium was found: install Debian's "chromium", or name one in CCLOAD_CHROMIUM (looked at ${[named ?? '', ...usualPaths].filter((path) => path !== '').join(', ')})`;

const launchArguments = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** `describe` for what needs a browser. Without one it is skipped with a printed sentence; where CI is set it fails. */
export const describeInBrowser = (title: string, body: () => void): void => {
  if (executable !== undefined || process.env['CI'] !== undefined) return describe(title, body);
  process.stderr.write(`skipped "${title}": ${missing}\n`);
  describe.skip(title, body);
};

/** One browser with a fresh profile; everything it opened ends with `close`. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts Chromium. Fails with a sentence when there is none. */
export const openBrowser = async (options: BrowserContextOptions = {}): Promise<TestBrowser> => {
  if (executable === undefined) throw new Error(missing);
  const profile = mkdtempSync(join(tmpdir(), 'ccload-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    args: launchArguments,
    headless: true,
    locale: 'en-US',
    ...options,
  });
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
};

/** Logs in as a person does. */
export const logIn = async (page: Page, url: string, password: string): Promise<void> => {
  await page.goto(`${url}/web/login.html`);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form.login button').click();
  await page.waitForURL(`${url}/web/`);
};

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly impact: string | null; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe-core holds against the page as it is now, serious or worse: one line each. */
export const accessibilityProblems = async (page: Page): Promise<readonly string[]> => {
  // By evaluate, because the policy of our pages forbids a script element, as it should.
  await page.evaluate(axeScript);
  const { violations } = await page.evaluate<AxeResult>('axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};
