import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const page = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8');

describe('the page on security', () => {
  it('names only tests that are there', () => {
    const specs = ['src', 'test'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }));
    const there = new Set(specs.filter((path) => path.endsWith('.spec.ts')).map((path) => basename(path, '.ts')));
    const named = [...page.matchAll(/`([\w-]+\.spec)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !there.has(name))).toEqual([]);
  });
});
