import { expect, it } from '@jest/globals';
import { pageTextsZh } from './page-texts.js';

/** Every sentence of a catalogue by its path; those that fill something in are left out. */
const sentencesOf = (texts: object, path = ''): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(texts).flatMap(([key, value]: readonly [string, unknown]): readonly (readonly [string, string])[] => {
      if (typeof value === 'string') return [[`${path}${key}`, value]];
      return typeof value === 'object' && value !== null ? [...sentencesOf(value, `${path}${key}.`)] : [];
    }),
  );

/** Names, which are the same in every language. */
const names = ['ccLoad', 'zh-CN', 'English', 'Base URL', 'Token', 'p95', '#'];

// The journeys in the browser look for the words of the catalogues, so they would find a forgotten English sentence too.
it('leaves no sentence without Chinese in the Chinese catalogues, save names', () => {
  const chinese = [...sentencesOf(pageTextsZh)];
  expect(chinese.length).toBeGreaterThan(200);
  expect(chinese.filter(([, sentence]) => !/\p{Script=Han}/u.test(sentence) && !names.includes(sentence))).toEqual([]);
});
