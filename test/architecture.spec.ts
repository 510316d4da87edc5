import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/*
 * The rules that keep the architecture, checked twice: our sources obey them, and each of them still refuses the code it
 * was written against. A rule that refuses nothing looks just like a rule that everybody keeps.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

describe('the arrows between folders', () => {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as IConfiguration;
  const forbidden = config.forbidden ?? [];
  const scratch = mkdtempSync(join(tmpdir(), 'ccload-arrows-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const violationsIn = async (baseDir: string): Promise<readonly { rule: string; arrow: string }[]> => {
    const { output } = await cruise(['src'], { ...config.options, baseDir, validate: true, ruleSet: { forbidden } });
    return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, arrow: `${from} → ${to}` }));
  };

  /** Writes the files into a project of their own, with our package.json and packages, and returns the rules they break. */
  const rulesBrokenBy = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const project = mkdtempSync(join(scratch, 'sample-'));
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
    writeFileSync(join(project, 'package.json'), readFileSync(join(root, 'package.json')));
    for (const [path, code] of Object.entries(files)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), code);
    }
    return (await violationsIn(project)).map(({ rule }) => rule);
  };

  const value = 'export const value = 1;';
  const refused: readonly (readonly [rule: string, files: Readonly<Record<string, string>>])[] = [
    ['domain-imports-only-domain', { 'src/domain/a.ts': `import { hostname } from 'node:os'; export const a = hostname();` }],
    ['domain-imports-only-domain', { 'src/domain/a.ts': `import type { Agent } from 'undici'; export type A = Agent;` }],
    ['domain-imports-only-domain', { 'src/domain/a.ts': `import { value } from '../config/b.js'; export const a = value;`, 'src/config/b.ts': value }],
    ['request-path-is-plain', { 'src/proxy/a.ts': `import { Injectable } from '@nestjs/common'; export const a = Injectable;` }],
    ['request-path-is-plain', { 'src/proxy/a.ts': `import type { B } from '../channels/b.js'; export type A = B;`, 'src/channels/b.ts': 'export type B = 1;' }],
    ['request-path-is-plain', { 'src/front-door.ts': `import { map } from 'rxjs'; export const a = map;` }],
    ['request-path-leaves-proxy-module-alone', { 'src/proxy/a.ts': `import { value } from './proxy.module.js'; export const a = value;`, 'src/proxy/proxy.module.ts': value }],
    ['request-path-touches-no-disk', { 'src/proxy/a.ts': `import { readFile } from 'node:fs/promises'; export const a = readFile;` }],
    ['request-path-touches-no-disk', { 'src/proxy/a.ts': `import { Worker } from 'node:worker_threads'; export const a = Worker;` }],
    [
      'request-path-reaches-no-framework',
      {
        'src/proxy/a.ts': `import { b } from './b.js'; export const a = b;`,
        'src/proxy/b.ts': `import { c } from '../domain/c.js'; export const b = c;`,
        'src/domain/c.ts': `import { DataSource } from 'typeorm'; export const c = DataSource;`,
      },
    ],
    ['proxy-module-meets-memory-only', { 'src/proxy/proxy.module.ts': `import { value } from '../logs/log.repository.js'; export const a = value;`, 'src/logs/log.repository.ts': value }],
    ['feature-stays-in-its-folder', { 'src/stats/a.ts': `import { value } from '../logs/log.repository.js'; export const a = value;`, 'src/logs/log.repository.ts': value }],
    ['feature-stays-in-its-folder', { 'src/channels/a.ts': `import { value } from '../cooldown/cooldown-memory.js'; export const a = value;`, 'src/cooldown/cooldown-memory.ts': value }],
    ['feature-stays-in-its-folder', { 'src/channels/a.ts': `import { value } from '../proxy/b.js'; export const a = value;`, 'src/proxy/b.ts': value }],
    ['dashboard-reads-services', { 'src/dashboard/a.ts': `import { value } from '../logs/log.repository.js'; export const a = value;`, 'src/logs/log.repository.ts': value }],
    ['nobody-imports-the-dashboard', { 'src/logs/a.ts': `import { value } from '../dashboard/b.js'; export const a = value;`, 'src/dashboard/b.ts': value }],
    ['configuration-knows-nobody', { 'src/config/a.ts': `import { value } from '../logs/b.js'; export const a = value;`, 'src/logs/b.ts': value }],
    ['database-knows-tables-only', { 'src/database/a.ts': `import { value } from '../logs/log.service.js'; export const a = value;`, 'src/logs/log.service.ts': value }],
    ['typeorm-stays-with-the-tables', { 'src/logs/log.service.ts': `import type { Repository } from 'typeorm'; export type A = Repository<object>;` }],
    ['typeorm-stays-with-the-tables', { 'src/main.ts': `import { DataSource } from 'typeorm'; export const a = DataSource;` }],
    ['nobody-imports-the-wiring', { 'src/logs/a.ts': `import { value } from '../app.module.js'; export const a = value;`, 'src/app.module.ts': value }],
    ['only-the-wiring-opens-the-front-door', { 'src/logs/a.ts': `import { value } from '../front-door.js'; export const a = value;`, 'src/front-door.ts': value }],
    ['nobody-imports-a-spec', { 'src/logs/a.ts': `import { value } from './b.spec.js'; export const a = value;`, 'src/logs/b.spec.ts': value }],
    ['source-does-not-import-tests', { 'src/logs/a.ts': `import { value } from '../../test/b.js'; export const a = value;`, 'test/b.ts': value }],
    ['no-circle', { 'src/logs/a.ts': `import { b } from './b.js'; export const a = () => b;`, 'src/logs/b.ts': `import { a } from './a.js'; export const b = () => a;` }],
    ['no-circle', { 'src/logs/a.ts': `import type { B } from './b.js'; export type A = B[];`, 'src/logs/b.ts': `import type { A } from './a.js'; export type B = A;` }],
    ['no-orphan', { 'src/logs/a.ts': value }],
    ['no-dev-dependency-in-source', { 'src/logs/a.ts': `import { Test } from '@nestjs/testing'; export const a = Test;` }],
    ['no-undeclared-package', { 'src/logs/a.ts': `import cookie from 'cookie'; export const a = cookie;` }],
    ['no-unresolvable-import', { 'src/logs/a.ts': `import { b } from './missing.js'; export const a = b;` }],
  ];

  it('all point the way they should in our sources', async () => {
    expect(await violationsIn(root)).toEqual([]);
  });

  it.each(refused)('refuses what breaks %s: %j', async (rule, files) => {
    expect(await rulesBrokenBy(files)).toContain(rule);
  });

  it('have a sample for every rule, so that none of them can fall asleep', () => {
    const tested = new Set(refused.map(([rule]) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !tested.has(name ?? ''))).toEqual([]);
  });

  it('let through what the design allows', async () => {
    const broken = await rulesBrokenBy({
      'src/main.ts': `import { door } from './front-door.js'; import { App } from './app.module.js'; export const main = [door, App];`,
      'src/front-door.ts': `import { createServer } from 'node:http'; import { relay } from './proxy/relay.js'; export const door = [createServer, relay];`,
      'src/app.module.ts': `import { Module } from '@nestjs/common'; import { ProxyModule } from './proxy/proxy.module.js'; export const App = [Module, ProxyModule];`,
      'src/proxy/relay.ts': `import { Agent } from 'undici'; import { decompress } from 'fzstd'; import { value } from '../domain/value.js'; export const relay = [Agent, decompress, value];`,
      'src/proxy/proxy.module.ts': `import { relay } from './relay.js'; import { memory } from '../logs/log-memory.js'; import { LogsModule } from '../logs/logs.module.js'; export const ProxyModule = [relay, memory, LogsModule];`,
      'src/logs/log-memory.ts': `import { value } from '../domain/value.js'; export const memory = value;`,
      'src/logs/logs.module.ts': `import { Log } from './log.entity.js'; import { open } from '../database/open.js'; import { Channels } from '../channels/channels.module.js'; export const LogsModule = [Log, open, Channels];`,
      'src/logs/log.entity.ts': `import { Entity } from 'typeorm'; export const Log = Entity;`,
      'src/channels/channels.module.ts': `import { Module } from '@nestjs/common'; export const Channels = Module;`,
      'src/database/open.ts': `import { DataSource } from 'typeorm'; import { Log } from '../logs/log.entity.js'; export const open = [DataSource, Log];`,
      'src/domain/value.ts': value,
      'src/domain/value.spec.ts': `import { it } from '@jest/globals'; import { value } from './value.js'; it('is', () => value);`,
    });
    expect(broken).toEqual([]);
  });
});

describe('the lint rules that keep policy pure and the relay plain', () => {
  // Syntax is enough to judge these samples; without the type checker the whole table takes a moment instead of a minute.
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

  const complaintsAbout = async (filePath: string, code: string): Promise<readonly string[]> => {
    const [verdict] = await eslint.lintText(code, { filePath: join(root, filePath) });
    return (verdict?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`);
  };

  const impure: readonly (readonly [what: string, code: string])[] = [
    ['reads the clock', 'export const now = (): number => Date.now();'],
    ['reads the clock as a date', 'export const now = (): Date => new Date();'],
    ['reads the clock as a string', 'export const now = (): string => Date();'],
    ['reads the precise clock', 'export const now = (): number => performance.now();'],
    ['rolls dice', 'export const dice = (): number => Math.random();'],
    ['asks for random bytes', 'export const id = (): string => crypto.randomUUID();'],
    ['waits', 'export const wait = (then: () => void): void => void setTimeout(then, 1);'],
    ['repeats', 'export const repeat = (then: () => void): void => void setInterval(then, 1);'],
    ['comes back later', 'export const later = (then: () => void): void => void setImmediate(then);'],
    ['comes back soon', 'export const soon = (then: () => void): void => queueMicrotask(then);'],
    ['reads the process', 'export const id = (): number => process.pid;'],
    ['hides the process behind globalThis', 'export const scope = globalThis;'],
    ['calls out', 'export const call = (url: string): unknown => fetch(url);'],
    ['is asynchronous', 'export const answer = async () => 42;'],
    ['awaits', 'await undefined;'],
    ['promises a value', 'export const answer = () => Promise.resolve(42);'],
    ['promises a value in its type', 'export interface Store { find(id: number): Promise<string>; }'],
    ['imports at run time', `export const load = () => import('./time.js');`],
    ['is decorated', '@Frozen export class Answer {}'],
    ['remembers between calls', 'let calls = 0; export const count = (): number => (calls += 1);'],
    ['speaks', `export const speak = (): void => console.log('hello');`],
    ['takes four parameters', 'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;'],
    ['exports a default', 'export default 42;'],
    ['is a barrel', `export * from './time.js';`],
    ['is an enum', 'export enum Kind { A, B }'],
  ];

  it.each(impure)('refuse policy that %s', async (_what, code) => {
    const complaints = await complaintsAbout('src/domain/sample.ts', code);
    expect(complaints).toContainEqual(expect.stringMatching(/^no-restricted-(syntax|globals): /));
  });

  it('let policy calculate with dates it was given', async () => {
    const code = 'export const dateOf = (text: string, now: number): number => Math.max(Date.parse(text), new Date(now).getTime());';
    expect(await complaintsAbout('src/domain/sample.ts', code)).toEqual([]);
  });

  it.each([
    ['awaits every chunk', 'export const relay = async (body: AsyncIterable<Buffer>): Promise<void> => { for await (const chunk of body) void chunk; };'],
    ['pipes', 'export const relay = (from: NodeJS.ReadableStream, to: NodeJS.WritableStream): unknown => from.pipe(to);'],
    ['builds a pipeline', 'export const relay = (from: NodeJS.ReadableStream, to: NodeJS.WritableStream): unknown => pipeline(from, to);'],
    ['puts a transform in between', 'export const between = (): unknown => new PassThrough();'],
  ])('refuse a relay that %s', async (_what, code) => {
    expect(await complaintsAbout('src/proxy/sample.ts', code)).toEqual([expect.stringContaining('no-restricted-syntax')]);
  });

  it.each([
    ['src/logs/sample.ts', 'export const port = process.env.PORT;'],
    ['src/main.ts', 'export const { env } = process;'],
    ['src/proxy/sample.ts', `import { env } from 'node:process'; export const port = env.PORT;`],
    ['test/e2e/sample.ts', 'export const port = process.env.PORT;'],
  ])('refuse to read the environment in %s', async (path, code) => {
    expect(await complaintsAbout(path, code)).toEqual([expect.stringMatching(/^no-restricted-(properties|imports)/)]);
  });

  it('let src/config read the environment', async () => {
    expect(await complaintsAbout('src/config/sample.ts', 'export const port = process.env.PORT;')).toEqual([]);
  });
});

describe('names', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

  it.each(['util', 'helper', 'manager', 'common', 'data', 'info', 'index', 'misc'])('no file or folder is called %s', (word) => {
    const vague = new RegExp(`(^|[/.-])${word}s?([/.-]|$)`);
    expect(sources.filter((path) => vague.test(path))).toEqual([]);
  });
});
