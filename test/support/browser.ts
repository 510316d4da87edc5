import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const usualPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The Chromium to drive: the one that is named, or the first at the usual places. A named one that is not there is no other. */
export const chromiumOf = (named: string | undefined, exists: (path: string) => boolean): { readonly executable: string | undefined; readonly missing: string } => {
  const places = named === undefined ? usualPaths : [named];
  const missing = `no Chromium was found: install Debian's "chromium", or name one in CCLOAD_CHROMIUM (looked at ${places.join(', ')})`;
  return { executable: places.find(exists), missing };
};

/** What becomes of tests that need a browser: without one they are skipped, but never silently where CI is set. */
export const fateOf = (executable: string | undefined, isCi: boolean): 'run' | 'skip' | 'fail' => (executable !== undefined ? 'run' : isCi ? 'fail' : 'skip');

const { executable, missing } = chromiumOf(process.env['CCLOAD_CHROMIUM'], existsSync);

const launchArguments = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** `describe` for what needs a browser. Without one it is skipped with a printed sentence; where CI is set it fails. */
export const describeInBrowser = (title: string, body: () => void): void => {
  switch (fateOf(executable, process.env['CI'] !== undefined)) {
    case 'run':
      return describe(title, body);
    case 'skip':
      process.stderr.write(`skipped "${title}": ${missing}\n`);
      return describe.skip(title, body);
    case 'fail':
      return describe(title, () => {
        it('needs a Chromium', () => {
          throw new Error(missing);
        });
      });
  }
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

/**
 * One browser for all tests of a file; each asks for a page with a profile of its own. It starts with the first page and
 * ends with `close`.
 */
export class SharedBrowser {
  private browser: Promise<Browser> | undefined;
  private readonly contexts: BrowserContext[] = [];

  /** A page that shares nothing with the others. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    if (executable === undefined) throw new Error(missing);
    this.browser ??= chromium.launch({ executablePath: executable, args: launchArguments, headless: true });
    const context = await (await this.browser).newContext({ locale: 'en-US', ...options });
    this.contexts.push(context);
    return context.newPage();
  }

  /** Ends the pages of one test, so that they do not listen on while the next one runs. */
  async closePages(): Promise<void> {
    for (const context of this.contexts.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await (await this.browser)?.close();
  }
}

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
