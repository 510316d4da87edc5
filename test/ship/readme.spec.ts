import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryFolder } from '../support/shipped.js';

/* The Chinese README says what the English one says: what can be counted is counted here. */

const textOf = (path: string): string => readFileSync(join(repositoryFolder, path), 'utf8');
const [english, chinese] = [textOf('README.md'), textOf('README.zh-CN.md')];

const all = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);
/** What is inside of backticks on a line that is no heading: names of variables, routes, files, commands. */
const namesIn = (text: string): ReadonlySet<string> => new Set(all(text.replace(/```[^]*?```/g, ''), /`([^`\n]+)`/g));
/** Commands without their comments, which are translated. */
const codeIn = (text: string): readonly string[] => all(text, /```(\w+\n[^]*?)```/g).map((block) => block.replace(/\s+#.*$/gm, ''));
/** Places inside of the page are named after its headings, which are translated. */
const linksIn = (text: string): readonly string[] => [...new Set(all(text, /\]\(([^)#\s]+)/g))].filter((link) => !link.startsWith('README')).sort();

describe('README.zh-CN.md', () => {
  it('has a counterpart for every heading, table row and step', () => {
    const shape = (text: string): readonly string[] => all(text, /^(#+|\||\d+\.|-)(?= |-)/gm);
    expect(shape(chinese)).toEqual(shape(english));
  });

  it('names every variable, route, header and command, and no other', () => {
    expect([...namesIn(english)].filter((name) => !namesIn(chinese).has(name))).toEqual([]);
    expect([...namesIn(chinese)].filter((name) => !namesIn(english).has(name))).toEqual([]);
  });

  it('shows the same code', () => {
    expect(codeIn(chinese)).toEqual(codeIn(english));
    expect(codeIn(english).length).toBeGreaterThan(4);
  });

  it('leads to the same pages, and both lead to each other', () => {
    expect(linksIn(chinese)).toEqual(linksIn(english));
    expect([english.includes('(README.zh-CN.md)'), chinese.includes('(README.md)')]).toEqual([true, true]);
  });
});

describe.each([
  ['README.md', english],
  ['README.zh-CN.md', chinese],
  ['docs/DEPLOYMENT.md', textOf('docs/DEPLOYMENT.md')],
])('%s', (path, text) => {
  it('leads only to files and headings that are there', () => {
    const folder = join(repositoryFolder, path, '..');
    const files = all(text, /\]\(([^)#\s]+)[^)]*\)/g).filter((link) => !/^https?:/.test(link));
    const headings = all(text, /^#+ (.+)$/gm).map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replace(/ /g, '-'));
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    expect(all(text, /\]\(#([^)]+)\)/g).filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });
});
