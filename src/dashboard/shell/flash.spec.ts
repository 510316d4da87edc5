import { describe, expect, it } from '@jest/globals';
import { flashCookie, flashText, flashView } from './flash.js';

const cookieOf = (text: string): string => `${flashCookie}=${encodeURIComponent(text)}`;

describe('the sentence after a redirect', () => {
  it('is said in the language of the page, with its subject', () => {
    const cookie = cookieOf(flashText({ key: 'channelSaved', subject: 'a:b' }));
    expect([flashView(cookie, 'en')?.text, flashView(cookie, 'zh')?.text]).toEqual(['Channel a:b was saved.', '已保存渠道 a:b。']);
  });

  it('warns where it tells of what was not done', () => {
    expect(flashView(cookieOf('channelSaved:a'), 'en')?.tone).toBe('good');
    expect(flashView(cookieOf('sessionHadEnded:'), 'en')?.tone).toBe('warn');
  });

  it.each([
    ['no cookie', undefined],
    ['another cookie', 'theme=dark'],
    ['words of its own', cookieOf('Your account is blocked')],
    ['a name every object has', cookieOf('constructor:x')],
    ['an empty text', cookieOf('')],
    ['an escape that is none', `${flashCookie}=%zz`],
  ])('is not said for %s', (_what, cookie) => expect(flashView(cookie, 'en')).toBeUndefined());

  it('keeps at most 200 characters of its subject, whoever wrote the cookie', () => {
    expect(flashText({ key: 'channelSaved', subject: 'x'.repeat(500) })).toHaveLength('channelSaved:'.length + 200);
    expect(flashView(cookieOf(`channelSaved:${'x'.repeat(500)}`), 'en')?.text).toBe(`Channel ${'x'.repeat(200)} was saved.`);
  });
});
