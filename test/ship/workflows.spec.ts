import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { repositoryFolder } from '../support/shipped.js';

/* What CI promises; test/supply-chain.spec.ts looks at what it trusts. The real actionlint is run by hand: docs/DEPLOYMENT.md. */

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly 'runs-on': string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(repositoryFolder, '.github/workflows');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const workflow = (file: string): Workflow => parse(textOf(file)) as Workflow;
const files = readdirSync(folder);
const allJobs = files.flatMap((file) => Object.entries(workflow(file).jobs).map(([name, job]) => [file, name, job] as const));

/** What an expression such as `needs.verify.outputs.tags` refers to. */
const referencesIn = (value: unknown, context: string): readonly string[] =>
  [...JSON.stringify(value).matchAll(/\$\{\{(.*?)\}\}/g)].flatMap(([, expression = '']) =>
    [...expression.matchAll(new RegExp(`\\b${context}\\.([\\w-]+)`, 'g'))].map(([, name = '']) => name),
  );

describe('every workflow', () => {
  it.each(allJobs)('%s, job %s, needs only jobs and steps that are there', (file, _name, job) => {
    const needed = [job.needs ?? []].flat();
    const ids = job.steps.flatMap(({ id }) => id ?? []);
    expect(needed.filter((other) => !(other in workflow(file).jobs))).toEqual([]);
    expect(referencesIn(job, 'needs').filter((other) => !needed.includes(other))).toEqual([]);
    expect(referencesIn([job.steps, job.outputs], 'steps').filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(allJobs)('%s, job %s, varies only by what its matrix has', (_file, _name, job) => {
    const { include = [], ...axes } = job.strategy?.matrix ?? {};
    const names = [...Object.keys(axes), ...include.flatMap((row) => Object.keys(Object(row)))];
    expect(referencesIn(job, 'matrix').filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(allJobs)('%s, job %s, has steps that either use or run', (_file, _name, { steps }) => {
    expect(steps.filter(({ uses, run }) => (uses === undefined) === (run === undefined))).toEqual([]);
  });

  it.each(files.filter((file) => file !== 'audit.yml'))('%s does not run twice for the same thing', (file) => {
    expect(workflow(file).concurrency?.group).toBeDefined();
  });

  it('may write only where it publishes', () => {
    const writes = allJobs.flatMap(([file, name, { permissions = {} }]) =>
      Object.entries(permissions).filter(([, right]) => right === 'write').map(([what]) => `${file} ${name} ${what}`),
    );
    expect([...writes].sort()).toEqual([
      'codeql.yml analyze security-events',
      'release.yml binary attestations',
      'release.yml binary id-token',
      'release.yml image packages',
      'release.yml image-tags attestations',
      'release.yml image-tags id-token',
      'release.yml image-tags packages',
      'release.yml npm id-token',
      'release.yml release contents',
    ]);
  });
});

describe('CI', () => {
  const { jobs } = workflow('ci.yml');

  it('tests every version of Node that is promised, on Linux and macOS', () => {
    expect(jobs['check']?.strategy?.matrix).toEqual({ os: ['ubuntu-latest', 'macos-latest'], node: [20, 22, 24] });
    expect(jobs['check']?.steps.map(({ run }) => run)).toContain('npm test');
  });

  it('builds and tries the image on both processors', () => {
    expect(jobs['image']?.strategy?.matrix).toEqual({ runner: ['ubuntu-24.04', 'ubuntu-24.04-arm'] });
    expect(textOf('ci.yml')).toContain('scripts/try-image.sh ccload');
  });
});

describe('a release', () => {
  const { on, jobs } = workflow('release.yml');
  const nameOfAncestors = (name: string): readonly string[] => [jobs[name]?.needs ?? []].flat().flatMap((other) => [other, ...nameOfAncestors(other)]);

  it('begins with a tag and publishes nothing that has not been tested', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    expect(Object.keys(jobs).filter((name) => name !== 'verify' && !nameOfAncestors(name).includes('verify'))).toEqual([]);
    expect(jobs['verify']?.steps.map(({ run }) => run)).toEqual(expect.arrayContaining(['npm test', 'npm audit --omit=dev --audit-level=high']));
  });

  it('has an image for two processors, a file for three systems, a package and a bill of materials', () => {
    const rows = (name: string): readonly unknown[] => jobs[name]?.strategy?.matrix['include'] ?? [];
    expect(rows('image')).toEqual([expect.objectContaining({ platform: 'linux/amd64' }), expect.objectContaining({ platform: 'linux/arm64' })]);
    expect(rows('binary').map((row) => Object(row).name as unknown)).toEqual(['linux-x64', 'linux-arm64', 'macos-arm64']);
    expect(textOf('release.yml')).toMatch(/npm publish \.\/build\/program --provenance/);
    expect(textOf('release.yml')).toContain('npm run --silent sbom');
  });

  it('runs each single file in an empty folder before it is attached', () => {
    const runs = jobs['binary']?.steps.map(({ run = '', uses = '' }) => `${run}${uses}`) ?? [];
    expect(runs.findIndex((run) => run.includes('try-binary.sh'))).toBeLessThan(runs.findIndex((run) => run.includes('upload-artifact')));
    expect(runs.join()).toContain('try-binary.sh');
  });

  it('says in a signed statement where image and files were made', () => {
    const attested = ['image-tags', 'binary'].map((name) => jobs[name]?.steps.filter(({ uses = '' }) => uses.startsWith('actions/attest-')).length);
    expect(attested).toEqual([2, 1]);
  });
});

describe('the tags of an image', () => {
  const script = join(repositoryFolder, 'scripts/image-tags.mjs');
  const tagsOf = (tag: string): { readonly out: string; readonly code: number | null } => {
    const { stdout, status } = spawnSync(process.execPath, [script, tag], { encoding: 'utf8' });
    return { out: stdout, code: status };
  };
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));

  it('are the version, its minor and major version, and latest', () => {
    const [major, minor] = version.split('.');
    expect(tagsOf(`v${version}`)).toEqual({ out: `v${version} v${major}.${minor} v${major} latest\n`, code: 0 });
  });

  it.each(['', version, 'v99.0.0', `v${version}-rc.1`, `v${version};x`, 'latest'])('are not made for %j, which is not the version', (tag) => {
    expect(tagsOf(tag)).toEqual({ out: '', code: 1 });
  });
});
