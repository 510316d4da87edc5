import { describe, expect, it } from '@jest/globals';
import { preferencesOf } from './preferences.js';

describe('language and theme', () => {
  it.each([
    ['what was chosen before', 'ccload_language=zh; ccload_theme=dark', 'en', { language: 'zh', theme: 'dark' }],
    ['the browser, where nothing was chosen', undefined, 'zh', { language: 'zh', theme: 'system' }],
    ['English, where the browser speaks nothing of ours', undefined, false, { language: 'en', theme: 'system' }],
    ['the browser, where the cookie names what there is not', 'ccload_language=xx; ccload_theme=pink', 'zh', { language: 'zh', theme: 'system' }],
    ['English, where both name what there is not', 'ccload_language=xx', 'yy', { language: 'en', theme: 'system' }],
  ] as const)('follow %s', (_what, cookies, browser, expected) => expect(preferencesOf(cookies, browser)).toEqual(expected));
});
