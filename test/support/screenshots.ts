import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { clientToken, type Gateway } from './gateway.js';
import { send } from './client.js';
import { json } from './script.js';
import { logIn, openBrowser } from './browser.js';

const folder = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const languages = { en: 'en-US', zh: 'zh-CN' } as const;

const demoChannels = [
  { name: 'anthropic-main', models: ['claude-sonnet-4-5', 'claude-opus-4-1'], priority: 100, status: 200 },
  { name: 'relay-tokyo', models: ['claude-sonnet-4-5'], priority: 80, status: 200 },
  { name: 'openai-team', models: ['gpt-5', 'gpt-5-codex'], priority: 60, status: 200 },
  { name: 'relay-frankfurt', models: ['gpt-5-mini'], priority: 40, status: 529 },
] as const;

const okAnswer = {
  id: 'msg_demo',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'demo' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1842, output_tokens: 391 },
};

/** Set `CCLOAD_SCREENSHOTS=1` to have the pictures taken; the suite does without. */
export const wantsScreenshots = process.env['CCLOAD_SCREENSHOTS'] !== undefined;

/** Channels with names a person would choose, one of them cooling, one switched off, and some traffic through them. */
export const seedDemo = async (gateway: Gateway): Promise<void> => {
  for (const { status, ...channel } of demoChannels) {
    const upstream = await gateway.upstreamThat(() => json(status, status === 200 ? okAnswer : {}));
    const id = await gateway.admin.addChannel({ ...channel, url: upstream.url });
    if (status !== 200) await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 600_000 });
  }
  await gateway.admin.addChannel({ name: 'old-account', models: ['claude-haiku-4-5'], url: 'https://api.anthropic.com', enabled: false });
  for (let call = 0; call < 24; call += 1) {
    const model = demoChannels[call % demoChannels.length]?.models[0] ?? '';
    const headers = [['authorization', `Bearer ${clientToken}`], ['content-type', 'application/json']] as const;
    await send(gateway.port, { method: 'POST', path: '/v1/messages', headers, body: JSON.stringify({ model, messages: [] }) });
  }
};

/** Pictures of a page, in both sizes, themes and languages, below `screenshots/` (which git ignores). */
export const takeScreenshots = async (gateway: Gateway, password: string, pages: Readonly<Record<string, string>>): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const [language, locale] of Object.entries(languages)) {
      const browser = await openBrowser({ viewport, locale });
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      try {
        for (const [name, path] of Object.entries(pages)) {
          if (name !== 'login') await logIn(page, gateway.url, password);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.goto(`${gateway.url}${path}`);
            await page.waitForTimeout(300);
            await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}-${language}.png`) });
          }
        }
      } finally {
        await browser.close();
      }
    }
  }
};
