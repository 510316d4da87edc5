import { describe, expect, it } from '@jest/globals';
import { navigation } from './navigation.js';
import { shellView, type ShellFacts } from './shell.view.js';

const facts: ShellFacts = {
  language: 'en',
  theme: 'system',
  page: 'overview',
  title: 'Overview',
  path: '/web/',
  assetRoot: '/web/assets/x',
  scripts: [],
  styles: [],
  isOperator: true,
  flash: undefined,
  isPasswordSet: true,
  isProxyOpen: false,
  storageProblem: undefined,
};

describe('the frame around a page', () => {
  it('marks the page that one is on, and no other', () => {
    const { menu } = shellView(facts);
    expect(menu).toHaveLength(navigation.length);
    expect(menu.filter(({ isCurrent }) => isCurrent)).toEqual([{ label: 'Overview', path: '/web/', isCurrent: true }]);
  });

  it('marks none for a page that is not in the menu', () => expect(shellView({ ...facts, page: undefined }).menu.some(({ isCurrent }) => isCurrent)).toBe(false));

  it('speaks the language of the reader, and names each language in itself', () => {
    const { lang, title, languages } = shellView({ ...facts, language: 'zh', title: '概览' });
    expect([lang, title]).toEqual(['zh-CN', '概览 · ccLoad']);
    expect(languages).toEqual([
      { value: 'en', label: 'English', isChosen: false },
      { value: 'zh', label: '中文', isChosen: true },
    ]);
  });

  it.each([
    [{ isPasswordSet: false }, 1],
    [{ isProxyOpen: true }, 1],
    [{ isProxyOpen: true, isOperator: false }, 0],
    [{ isPasswordSet: false, isProxyOpen: true }, 2],
    [{ storageProblem: 'disk-full' }, 1],
    [{ storageProblem: 'disk-full', isOperator: false }, 0],
    [{}, 0],
  ] as const)('warns of what is open or amiss (%j: %d)', (changes, count) => expect(shellView({ ...facts, ...changes }).warnings).toHaveLength(count));

  it.each([
    ['en', 'disk-full', 'the disk of the database is full'],
    ['zh', 'held', '数据库被其他程序占用'],
  ] as const)('says in %s why nothing can be stored (%s)', (language, storageProblem, words) =>
    expect(shellView({ ...facts, language, storageProblem }).warnings).toEqual([expect.stringContaining(words)]));
});
