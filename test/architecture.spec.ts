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
    const { violations } = (output as ICruiseResult).summary;
    return violations.map(({ rule, from, to }) => ({ rule: rule.name, arrow: `${from} → ${to}` }));
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
  const importing = (path: string): string => `import * as other from '${path}'; export const value = other;`;
  const importingType = (path: string): string => `import type * as other from '${path}'; export type Value = typeof other;`;

  /** One import that each rule must refuse: the file it stands in, and what it imports. */
  const wrongImports: readonly (readonly [rule: string, file: string, imported: string])[] = [
    ['domain-imports-only-domain', 'src/domain/a.ts', 'node:os'],
    ['domain-imports-only-domain', 'src/domain/a.ts', 'undici'],
    ['domain-imports-only-domain', 'src/domain/a.ts', '../config/b.js'],
    ['request-path-is-plain', 'src/proxy/a.ts', '@nestjs/common'],
    ['request-path-is-plain', 'src/proxy/a.ts', '../channels/b.js'],
    ['request-path-is-plain', 'src/proxy/a.ts', '../http/b.js'],
    ['request-path-is-plain', 'src/front-door.ts', 'rxjs'],
    ['request-path-leaves-proxy-module-alone', 'src/proxy/a.ts', './proxy.module.js'],
    ['request-path-touches-no-disk', 'src/proxy/a.ts', 'node:fs'],
    ['request-path-touches-no-disk', 'src/proxy/a.ts', 'node:fs/promises'],
    ['request-path-touches-no-disk', 'src/front-door.ts', 'node:worker_threads'],
    ['proxy-module-meets-memory-only', 'src/proxy/proxy.module.ts', '../logs/log.repository.js'],
    ['proxy-module-meets-memory-only', 'src/proxy/proxy.module.ts', '../database/database.js'],
    ['workers-meet-memory-only', 'src/workers/a.ts', '../logs/logs.service.js'],
    ['workers-meet-memory-only', 'src/workers/a.ts', '../database/database.js'],
    ['feature-stays-in-its-folder', 'src/stats/a.ts', '../logs/log.repository.js'],
    ['feature-stays-in-its-folder', 'src/channels/a.ts', '../cooldown/cooldown-memory.js'],
    ['feature-stays-in-its-folder', 'src/channels/a.ts', '../proxy/b.js'],
    ['dashboard-reads-services', 'src/dashboard/a.ts', '../logs/log.repository.js'],
    ['nobody-imports-the-dashboard', 'src/logs/a.ts', '../dashboard/b.js'],
    ['command-line-asks-the-administration', 'src/cli/a.ts', '../channels/b.js'],
    ['command-line-asks-the-administration', 'src/cli/a.ts', '../database/database.js'],
    ['configuration-knows-nobody', 'src/config/a.ts', '../logs/b.js'],
    ['http-knows-no-feature', 'src/http/a.ts', '../logs/log.service.js'],
    ['database-knows-tables-only', 'src/database/a.ts', '../logs/log.service.js'],
    ['typeorm-stays-with-the-tables', 'src/logs/log.service.ts', 'typeorm'],
    ['typeorm-stays-with-the-tables', 'src/main.ts', 'better-sqlite3'],
    ['nobody-imports-the-wiring', 'src/logs/a.ts', '../app.module.js'],
    ['nobody-imports-the-wiring', 'src/proxy/proxy.module.ts', '../main.js'],
    ['only-the-wiring-opens-the-front-door', 'src/logs/a.ts', '../front-door.js'],
    ['nobody-imports-a-spec', 'src/logs/a.ts', './b.spec.js'],
    ['source-does-not-import-tests', 'src/logs/a.ts', '../../test/b.js'],
    ['no-dev-dependency-in-source', 'src/logs/a.ts', '@nestjs/testing'],
    ['no-undeclared-package', 'src/logs/a.ts', 'cookie'],
  ];

  /** What needs more than one import to go wrong. */
  const wrongProjects: readonly (readonly [rule: string, files: Readonly<Record<string, string>>])[] = [
    [
      'request-path-reaches-no-framework',
      {
        'src/proxy/a.ts': importing('./b.js'),
        'src/proxy/b.ts': importing('../domain/c.js'),
        'src/domain/c.ts': importing('typeorm'),
      },
    ],
    [
      'workers-stay-light',
      { 'src/workers/worker-main.ts': importing('../channels/b.js'), 'src/channels/b.ts': importing('@nestjs/common') },
    ],
    ['domain-imports-only-domain', { 'src/domain/a.ts': importingType('undici') }],
    ['no-circle', { 'src/logs/a.ts': importing('./b.js'), 'src/logs/b.ts': importing('./a.js') }],
    ['no-circle', { 'src/logs/a.ts': importingType('./b.js'), 'src/logs/b.ts': importingType('./a.js') }],
    ['no-orphan', { 'src/logs/a.ts': value }],
    ['no-dead-file', { 'src/main.ts': importing('./domain/b.js'), 'src/domain/b.ts': value, 'src/domain/c.ts': importing('./b.js') }],
    ['no-unresolvable-import', { 'src/logs/a.ts': importing('./missing.js') }],
  ];

  it('all point the way they should in our sources', async () => {
    expect(await violationsIn(root)).toEqual([]);
  });

  it.each(wrongImports)('refuse by the rule %s that %s imports %s', async (rule, file, imported) => {
    const target = join(dirname(file), imported).replace(/\.js$/, '.ts');
    const files = imported.startsWith('.') ? { [target]: value } : {};
    expect(await rulesBrokenBy({ ...files, [file]: importing(imported) })).toContain(rule);
  });

  it.each(wrongProjects)('refuse by the rule %s: %j', async (rule, files) => {
    expect(await rulesBrokenBy(files)).toContain(rule);
  });

  it('have a sample for every rule, so that none of them can fall asleep', () => {
    const tested = new Set([...wrongImports, ...wrongProjects].map(([rule]) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !tested.has(name ?? ''))).toEqual([]);
  });

  it('let through what the design allows', async () => {
    const importingAll = (...paths: readonly string[]): string => {
      const imports = paths.map((path, index) => `import * as part${index} from '${path}';`);
      return `${imports.join(' ')} export const parts = [${paths.map((_path, index) => `part${index}`).join(', ')}];`;
    };
    const broken = await rulesBrokenBy({
      'src/main.ts': importingAll('./front-door.js', './app.module.js'),
      'src/front-door.ts': importingAll('node:http', './proxy/relay.js'),
      'src/app.module.ts': importingAll('@nestjs/common', './proxy/proxy.module.js'),
      'src/proxy/relay.ts': importingAll('undici', 'fzstd', '../domain/value.js'),
      'src/proxy/proxy.module.ts': importingAll('./relay.js', '../logs/log-memory.js', '../logs/logs.module.js'),
      'src/logs/log-memory.ts': importingAll('../domain/value.js'),
      'src/logs/logs.module.ts': importingAll('./log.entity.js', '../database/open.js', '../channels/channels.module.js', '../http/envelope.js'),
      'src/logs/log.entity.ts': importingAll('typeorm'),
      'src/channels/channels.module.ts': importingAll('@nestjs/common'),
      'src/http/envelope.ts': importingAll('@nestjs/common'),
      'src/database/open.ts': importingAll('typeorm', '../logs/log.entity.js'),
      'src/database/database-thread.ts': importingAll('./open.js', 'node:worker_threads'),
      'src/domain/value.ts': value,
      'src/domain/value.spec.ts': importingAll('@jest/globals', './value.js'),
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

  it('refuse to print a stack with its message', async () => {
    const code = 'export const told = (error: Error): string | undefined => error.stack;';
    expect(await complaintsAbout('src/logs/sample.ts', code)).toEqual([expect.stringMatching(/^no-restricted-properties/)]);
  });

  it('let src/config read the environment', async () => {
    expect(await complaintsAbout('src/config/sample.ts', 'export const port = process.env.PORT;')).toEqual([]);
  });
});

describe('names', () => {
  // "Data source" is TypeORM's word for a database connection.
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replace('data-source', 'connection'));

  it.each(['util', 'helper', 'manager', 'common', 'data', 'info', 'index', 'misc'])('no file or folder is called %s', (word) => {
    const vague = new RegExp(`(^|[/.-])${word}s?([/.-]|$)`);
    expect(sources.filter((path) => vague.test(path))).toEqual([]);
  });
});

describe('runtime dependencies', () => {
  const pageOf = (path: string): string => readFileSync(join(root, path), 'utf8');
  const { dependencies } = JSON.parse(pageOf('package.json')) as { dependencies: Readonly<Record<string, string>> };

  it('each have their reason in ADR 0010', () => {
    const page = pageOf('docs/adr/0010-runtime-dependencies.md');
    expect(Object.keys(dependencies).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('are each pinned to one version', () => {
    expect(Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
