import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newFolder, startGateway } from '../support/gateway.js';
import { bundleInto, ownFiles, ownFilesServed, ran, repositoryFolder } from '../support/shipped.js';

/* The package as `npm publish` would send it: packed by npm, laid into an empty project as npm would lay it, and run. */

interface Description {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const root: Description = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
const scratch = newFolder();
const project = join(scratch, 'project');
const installed = join(project, 'node_modules/ccload');
let paths: readonly string[] = [];
let size = { packed: 0, unpacked: 0 };

beforeAll(async () => {
  const program = join(scratch, 'program');
  await bundleInto(program, { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'somebody/ccload' });
  const { out, err } = await ran(['npm', 'pack', '--json', '--offline', '--pack-destination', scratch], program, { HOME: scratch });
  const [packed]: readonly [{ readonly filename: string; readonly size: number; readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] }] =
    JSON.parse(out === '' ? `npm said: ${err}` : out);
  paths = packed.files.map(({ path }) => path);
  size = { packed: packed.size, unpacked: packed.unpackedSize };

  mkdirSync(installed, { recursive: true });
  await ran(['tar', '-xzf', join(scratch, packed.filename), '-C', installed, '--strip-components=1'], scratch);
  cpSync(join(program, 'node_modules'), join(project, 'node_modules'), { recursive: true });
  mkdirSync(join(project, 'node_modules/.bin'));
  symlinkSync('../ccload/app/ccload.js', join(project, 'node_modules/.bin/ccload'));
  rmSync(program, { recursive: true });
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the npm package', () => {
  it('holds the program, its templates, files for browsers and licences, and nothing else', () => {
    const kinds = [...new Set(paths.map((path) => path.replace(/[^/]+$/, '')))].sort();
    expect(kinds.filter((folder) => !/^(|app\/|app\/code\/|app\/vendor\/.*|views\/.*)$/.test(folder))).toEqual([]);
    expect(paths.filter((path) => !path.includes('/')).sort()).toEqual(['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.txt', 'package.json']);
    expect(paths).toEqual(expect.arrayContaining(['app/ccload.js', 'app/main.js', 'app/code/database-thread.js', 'views/layouts/page.eta']));
  });

  it('holds no tests, no sources, no maps, no other packages and no data', () => {
    expect(paths.filter((path) => /\.(ts|map|db|env|node|tgz)$|spec|(^|\/)(test|src|data|node_modules)\//.test(path))).toEqual([]);
  });

  it('is small: 3 MB to load, 13 MB on disk', () => {
    expect(size.packed).toBeLessThan(3_000_000);
    expect(size.unpacked).toBeLessThan(13_000_000);
  });

  it('says what it is, runs no script of its own, and asks for the database driver only, in the version that was tested', () => {
    const description: unknown = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(description).toMatchObject({
      name: 'ccload',
      version: root.version,
      license: 'MIT',
      bin: { ccload: 'app/ccload.js' },
      engines: { node: '>=20.19' },
      // Where the workflow runs that publishes it; npm's provenance compares the two.
      repository: { url: 'git+https://git.example/somebody/ccload.git' },
      dependencies: { 'better-sqlite3': root.dependencies['better-sqlite3'] },
    });
    expect(Object.keys(Object(description)).filter((key) => ['scripts', 'private', 'devDependencies', 'overrides'].includes(key))).toEqual([]);
  });

  it('has the licence of every package that is in it', () => {
    const licences = readFileSync(join(installed, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const named = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+\S* · (.+)$/gm)].map(([, name = '']) => name);
    const bundled = Object.keys(root.dependencies).filter((name) => name !== 'better-sqlite3');
    expect(named.length).toBeGreaterThan(80);
    expect(bundled.filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe('npx ccload', () => {
  it('runs the command line', async () => {
    expect(await ran(['npx', '--no', '--offline', 'ccload', '--version'], project, { HOME: scratch })).toMatchObject({ code: 0, out: `${root.version}\n` });
  });

  it('starts the gateway in the current folder, where its database then is, with every file of its own', async () => {
    const command = [join(project, 'node_modules/.bin/ccload')] as const;
    const gateway = await startGateway({ command, env: { SQLITE_PATH: 'data/ccload.db' } });
    try {
      expect(await ownFiles(gateway.port)).toEqual(ownFilesServed);
      expect(existsSync(join(gateway.process.folder, 'data/ccload.db'))).toBe(true);
      expect(readdirSync(project)).toEqual(['node_modules']);
    } finally {
      await gateway.end();
    }
  });
});
