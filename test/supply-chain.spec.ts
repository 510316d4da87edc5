import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

/* What we ship that others wrote: pinned, checked when it is installed, free to use, and quiet while it is installed. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
}

type Versions = Readonly<Record<string, string>>;

interface Description {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly licenses?: readonly { readonly type: string }[];
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const description: Description = JSON.parse(textOf('package.json'));
const lock: { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(textOf('package-lock.json'));
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
const atRunTime = locked.filter(([, { dev, optional }]) => dev !== true && optional !== true);
const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path;

describe('the lockfile', () => {
  it('is of the package that it lies beside', () => {
    expect(lock.packages['']).toMatchObject({ version: description.version, dependencies: description.dependencies, devDependencies: description.devDependencies });
  });

  it('has for every package a version and a strong digest, and none from a folder or a repository', () => {
    const weak = locked.filter(([, { integrity, link, version }]) => link === true || !/^\d/.test(version) || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
    expect(weak).toEqual([]);
    expect(locked.length).toBeGreaterThan(100);
  });

  it('names no place to download from, or tarballs of one registry', () => {
    const places = locked.flatMap(([, { resolved }]) => (resolved === undefined ? [] : [new URL(resolved)]));
    expect(places.filter(({ protocol, pathname }) => protocol !== 'https:' || !pathname.endsWith('.tgz'))).toEqual([]);
    expect(new Set(places.map(({ origin }) => origin)).size).toBeLessThanOrEqual(1);
  });

  it('was asked for exact versions', () => {
    const asked = Object.entries({ ...description.dependencies, ...description.devDependencies });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version))).toEqual([]);
  });
});

describe('scripts that run while packages are installed', () => {
  const withScripts = [...new Set(locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => nameOf(path)))].sort();

  it('are those that package.json decides about, one by one', () => {
    expect(Object.keys(description.allowScripts).sort()).toEqual(withScripts);
  });

  it('may run for the database driver only', () => {
    expect(Object.entries(description.allowScripts).filter(([, allowed]) => allowed)).toEqual([['better-sqlite3', true]]);
  });
});

describe('licences at run time', () => {
  /** What may be part of a program under the MIT licence, its notice kept. */
  const compatible = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0', 'Unlicense']);

  /** `A OR B` is ours to choose from, `A AND B` binds us twice; no package mixes the two. */
  const isCompatible = (expression: string): boolean => {
    const terms = expression.replace(/^\((.*)\)$/, '$1');
    if (terms.includes(' OR ')) return !terms.includes(' AND ') && terms.split(' OR ').some((term) => compatible.has(term));
    return terms.split(' AND ').every((term) => compatible.has(term));
  };

  /** Old packages have a list of licences, all of them to be chosen from. */
  const licenceOf = ({ license, licenses }: Description): string =>
    typeof license === 'string' ? license : (licenses ?? []).map(({ type }) => type).join(' OR ');

  it('are ours to use', () => {
    const licences = atRunTime.map(([path]) => {
      const found: Description = JSON.parse(textOf(`${path}/package.json`));
      return [found.name, licenceOf(found)] as const;
    });
    expect(licences.filter(([, licence]) => !isCompatible(licence))).toEqual([]);
    expect(licences.length).toBeGreaterThan(100);
  });

  it.each(['GPL-3.0-only', 'AGPL-3.0', 'MIT AND GPL-2.0', 'SEE LICENSE IN x', 'UNLICENSED', '', 'BUSL-1.1', '(GPL-2.0 OR AGPL-3.0)'])('would be refused: %j', (licence) => {
    expect(isCompatible(licence)).toBe(false);
  });

  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT'])('would be taken: %j', (licence) => {
    expect(isCompatible(licence)).toBe(true);
  });
});

describe('the oldest Node that is promised, 20.19,', () => {
  /** Enough for the ranges that packages write: alternatives that begin with `^`, `>=`, `~` or a bare number. */
  const takes20 = (range: string): boolean =>
    range.split('||').some((part) => {
      const [, operator, major, minor = '0'] = /^\s*(\^|>=|~|>|)\s*v?(\d+)(?:\.(\d+))?/.exec(part) ?? [];
      if (major === undefined) return part.trim() === '*';
      return Number(major) === 20 ? Number(minor) <= 19 : Number(major) < 20 && (operator === '>=' || operator === '>');
    });

  it('is enough for every package but one, whose only user is a check of uploads that we do not use', () => {
    const tooNew = atRunTime.filter(([, { engines }]) => engines?.node !== undefined && !takes20(engines.node));
    expect(tooNew.map(([path]) => nameOf(path))).toEqual(['file-type']);
    const users = atRunTime.filter(([path]) => {
      const { dependencies = {} }: Partial<Description> = JSON.parse(textOf(`${path}/package.json`));
      return 'file-type' in dependencies;
    });
    expect(users.map(([path]) => nameOf(path))).toEqual(['@nestjs/common']);
  });
});

describe('the bill of materials', () => {
  it('names every package that runs, with its digest', () => {
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'scripts/sbom.mjs')], { encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(0);
    const bill: { readonly bomFormat: string; readonly metadata: object; readonly components: readonly { name: string; version: string; purl: string; hashes: readonly object[] }[] } =
      JSON.parse(stdout);
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { type: 'application', name: 'ccload', version: description.version } } });
    const named = bill.components.filter(({ hashes, purl }) => hashes.length > 0 && purl.startsWith('pkg:npm/')).map(({ name, version }) => `${name} ${version}`);
    const expected = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true).map(([path, { version }]) => `${nameOf(path)} ${version}`);
    expect([...named].sort()).toEqual([...new Set(expected)].sort());
  });
});

describe('the workflows', () => {
  interface Step {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }
  interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly 'timeout-minutes'?: number }>>;
  }
  const folder = '.github/workflows';
  const workflows = readdirSync(join(root, folder)).map((file) => [file, parse(textOf(`${folder}/${file}`)) as Workflow] as const);

  it.each(workflows)('%s may only read unless a job says more, and every job ends', (_file, { permissions, jobs }) => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(Object.values(jobs).filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  it.each(workflows)('%s uses actions of a chosen version, and leaves no token in the checkout', (_file, { jobs }) => {
    const used = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses !== undefined));
    // Of the platform's own makers a major version will do; others only as the commit that was looked at.
    const loose = used.filter(({ uses = '' }) => !/^actions\/[a-z-]+@v\d+$/.test(uses) && !/@[0-9a-f]{40}$/.test(uses));
    expect(loose).toEqual([]);
    expect(used.filter((step) => step.uses?.startsWith('actions/checkout@') === true && step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it.each(workflows)('%s runs nothing that a stranger wrote into a title or a branch', (_file, { on, jobs }) => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
  });

  it('look for known weaknesses, of high severity and above, in every week', () => {
    const audit = workflows.find(([file]) => file === 'audit.yml')?.[1];
    expect(audit?.on).toHaveProperty('schedule');
    expect(JSON.stringify(audit?.jobs)).toContain('npm audit --omit=dev --audit-level=high');
  });

  it('call only scripts that package.json has', () => {
    const called = workflows.flatMap(([, { jobs }]) => [...JSON.stringify(jobs).matchAll(/npm run (?:--silent )?([a-z:-]+)/g)].map(([, name = '']) => name));
    const { scripts }: { readonly scripts: Versions } = JSON.parse(textOf('package.json'));
    expect(called.length).toBeGreaterThan(2);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('are kept up to date, and so is what npm installs', () => {
    const { updates }: { readonly updates: readonly { readonly 'package-ecosystem': string; readonly schedule: object; readonly groups: object }[] } = parse(textOf('.github/dependabot.yml'));
    expect(updates.map((update) => update['package-ecosystem']).sort()).toEqual(['docker', 'github-actions', 'npm']);
    for (const { schedule, groups } of updates) expect([schedule, Object.keys(groups).length > 0]).toEqual([expect.objectContaining({ interval: 'weekly' }), true]);
    expect(existsSync(join(root, '.github/workflows/ci.yml'))).toBe(true);
  });
});
