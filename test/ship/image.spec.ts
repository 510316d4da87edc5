import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { isConfigProblems, loadConfig } from '../../src/config/config.js';
import { dockerfileProblems, instructionsOf, type Instruction } from '../support/dockerfile.js';
import { repositoryFolder } from '../support/shipped.js';

/* What can be known of the image without an engine that builds it. docs/DEPLOYMENT.md says how its layers were tried. */

const textOf = (path: string): string => readFileSync(join(repositoryFolder, path), 'utf8');
const instructions = instructionsOf(textOf('Dockerfile'));
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const only = (name: string): Instruction => {
  const [found, ...more] = last.filter((instruction) => instruction.name === name);
  if (found === undefined || more.length > 0) throw new Error(`expected one ${name} in the last stage, got ${more.length + (found === undefined ? 0 : 1)}`);
  return found;
};

/** Garbage is collected by the thread that made it (docs/adr/0027). */
const collector = '--single-threaded-gc';

describe('npm start and the benchmark', () => {
  it('collect garbage as the image does', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: { readonly start: string } };
    expect(scripts.start).toMatch(new RegExp(`^node ${collector} `));
    expect(textOf('test/bench/targets.mjs')).toContain(`['${collector}']`);
  });
});

describe('the Dockerfile', () => {
  it('breaks none of the rules that linters have for it', () => {
    expect(dockerfileProblems(instructions)).toEqual([]);
  });

  it('copies only what .dockerignore lets in, and all of it exists', () => {
    const allowed = textOf('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = instructions
      .filter(({ name, value }) => name === 'COPY' && !value.startsWith('--from'))
      .flatMap(({ value }) => value.split(/\s+/).slice(0, -1));
    expect(new Set(copied)).toEqual(new Set(allowed));
    expect(allowed.filter((path) => !existsSync(join(repositoryFolder, path)))).toEqual([]);
  });

  it('leaves the environment file, databases and tests outside', () => {
    const lines = textOf('.dockerignore').split('\n');
    expect(lines.find((line) => !line.startsWith('#'))).toBe('*');
    expect(lines).toEqual(expect.arrayContaining(['**/.env*', '**/*.db*', '**/*.spec.ts']));
  });

  it('runs the program itself as process 1, as an account without rights, on a volume for its data', () => {
    expect(JSON.parse(only('ENTRYPOINT').value)).toEqual(['node', collector, '/opt/ccload/app/ccload.js']);
    expect(only('USER').value).toBe('10001:10001');
    const config = loadConfig({});
    if (isConfigProblems(config)) throw new Error('the defaults must be usable');
    expect(JSON.parse(only('VOLUME').value)).toEqual([dirname(resolve(only('WORKDIR').value, config.sqlitePath))]);
  });

  it('asks the gateway how it is with nothing but itself', () => {
    expect(only('HEALTHCHECK').value).toMatch(/CMD \["node", "\/opt\/ccload\/app\/ccload\.js", "health"\]$/);
  });

  it('has the labels by which registries show an image', () => {
    const keys = [...only('LABEL').value.matchAll(/org\.opencontainers\.image\.([a-z]+)=/g)].map(([, key]) => key);
    expect(keys).toEqual(['title', 'description', 'licenses', 'version', 'revision']);
  });

  it('builds and runs on one version of Node and one release of Debian, which is one of those that are tested', () => {
    const bases = instructions.filter(({ name }) => name === 'FROM').map(({ value }) => value.replace(/--platform=\S+ /, '').split(' ')[0] ?? '');
    const nodes = bases.filter((base) => base.startsWith('node:')).map((base) => base.replace(/-slim$/, ''));
    expect(new Set(nodes).size).toBe(1);
    expect(bases.at(-1)).toBe(`debian:${nodes[0]?.split('-')[1]}-slim`);
    const { jobs }: { readonly jobs: { readonly check: { readonly strategy: { readonly matrix: { readonly node: readonly number[] } } } } } = parse(textOf('.github/workflows/ci.yml'));
    expect(jobs.check.strategy.matrix.node.map(String)).toContain(nodes[0]?.slice('node:'.length).split('-')[0]);
  });
});

describe('a linter of Dockerfiles that', () => {
  const good = ['FROM a:1', 'USER 1', 'CMD ["a"]'];
  it.each([
    [['FROM a', ...good.slice(1)], 'tag'],
    [['FROM a:latest', ...good.slice(1)], 'tag'],
    [['FROM a:1', 'ADD x y', ...good.slice(1)], 'COPY'],
    [['FROM a:1', 'RUN apt-get install -y x', ...good.slice(1)], 'apt-get'],
    [['FROM a:1', 'RUN curl x | sh', ...good.slice(1)], 'pipe'],
    [['FROM a:1', 'RUN cd /x && make', ...good.slice(1)], 'WORKDIR'],
    [['FROM a:1', 'WORKDIR x', ...good.slice(1)], 'absolute'],
    [['FROM a:1', 'USER 1', 'CMD a b'], 'JSON'],
    [['FROM a:1', 'USER root', 'CMD ["a"]'], 'USER'],
    [['FROM a:1', 'CMD ["a"]'], 'USER'],
    [['FROM a:1', 'ENV CCLOAD_PASS=x', ...good.slice(1)], 'secret'],
    [['FROM a:1', 'COPY --from=b x y', ...good.slice(1)], 'stage'],
    [['FROM a:1', 'MAINTAINER me', ...good.slice(1)], 'MAINTAINER'],
  ])('reads %j complains of %s', (lines, word) => {
    expect(dockerfileProblems(instructionsOf(good.join('\n')))).toEqual([]);
    expect(dockerfileProblems(instructionsOf(lines.join('\n'))).join()).toContain(word);
  });
});

describe('docker-compose.yml', () => {
  interface Service {
    readonly environment: Readonly<Record<string, string | number | null>>;
    readonly ports: readonly string[];
    readonly stop_grace_period: string;
  }
  const { services }: { readonly services: { readonly ccload: Service } } = parse(textOf('docker-compose.yml'));
  const { environment, ports, stop_grace_period: grace, ...rest } = services.ccload;

  it('refuses to start without a password and without tokens', () => {
    expect(environment['CCLOAD_PASS']).toMatch(/^\$\{CCLOAD_PASS:\?.+\}$/);
    expect(environment['CCLOAD_AUTH']).toMatch(/^\$\{CCLOAD_AUTH:\?.+\}$/);
  });

  it('publishes the port to this machine only, unless told otherwise', () => {
    expect(ports).toEqual(['${CCLOAD_BIND:-127.0.0.1}:${CCLOAD_PORT:-8080}:8080']);
  });

  it('takes away what the gateway does not need', () => {
    expect(rest).toMatchObject({ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('waits longer than streams may take', () => {
    const config = loadConfig({});
    if (isConfigProblems(config)) throw new Error('the defaults must be usable');
    const [, minutes = '', seconds = ''] = /^(\d+)m(\d+)s$/.exec(grace) ?? [];
    expect((Number(minutes) * 60 + Number(seconds)) * 1_000).toBeGreaterThan(config.drainTimeoutMs);
  });

  it('hands on every variable that README tells of, where the image does not decide', () => {
    const known = [...textOf('README.md').matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map(([, name = '']) => name);
    expect(known.length).toBeGreaterThan(15);
    expect(known.filter((name) => !(name in environment))).toEqual(['SQLITE_PATH']);
  });

  it('is explained by .env.example, which names every variable', () => {
    const named = [...textOf('.env.example').matchAll(/^#([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    const used = [...textOf('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    expect([...new Set([...Object.keys(environment).filter((name) => textOf('README.md').includes(`\`${name}\``)), ...used])].filter((name) => !named.includes(name))).toEqual([]);
  });
});
