import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cacheFolders } from '../../src/config/cache-folders.js';
import type { PackedProgram } from '../../src/single-file/packed-program.js';
import { unpacked } from '../../src/single-file/unpack.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with the given mode, which umask does not lessen. */
const newFolder = (mode = 0o700): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ccload-unpack-'));
  folders.push(folder);
  chmodSync(folder, mode);
  return folder;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const program = (texts: Readonly<Record<string, string>> = { 'app/a.js': 'one', 'package.json': '{}' }): PackedProgram => {
  const files = Object.entries(texts).map(([path, text]) => ({ path, sha256: sha256(text) }));
  return { digest: sha256(JSON.stringify(files)), files, read: (path) => Buffer.from(texts[path] ?? '') };
};

const isRoot = process.getuid?.() === 0;

describe('unpacking the single file', () => {
  it('makes a folder that only its account can enter, and files that nobody can write to', () => {
    const base = join(newFolder(), 'cache', 'ccload');
    const folder = unpacked(program(), [base]);

    expect(readFileSync(join(folder, 'app/a.js'), 'utf8')).toBe('one');
    expect([base, folder].map((path) => lstatSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    expect(lstatSync(join(folder, 'app/a.js')).mode & 0o777).toBe(0o400);
    expect(readdirSync(base)).toHaveLength(1);
  });

  it('is done once: the next start finds the folder and writes nothing', () => {
    const base = newFolder();
    const folder = unpacked(program(), [base]);
    const before = lstatSync(join(folder, 'app/a.js')).ino;
    const unreadable = { ...program(), read: () => { throw new Error('nothing is to be read again'); } };

    expect(unpacked(unreadable, [base])).toBe(folder);
    expect(lstatSync(join(folder, 'app/a.js')).ino).toBe(before);
  });

  it('gives another version another folder, and leaves the one that may be running', () => {
    const base = newFolder();
    const [one, other] = [unpacked(program(), [base]), unpacked(program({ 'app/a.js': 'two' }), [base])];
    expect(one).not.toBe(other);
    expect(readFileSync(join(one, 'app/a.js'), 'utf8')).toBe('one');
  });

  const damages: readonly (readonly [what: string, damage: (file: string) => void])[] = [
    ['changed', (file) => writeFileSync(file, 'evil')],
    ['removed', (file) => rmSync(file)],
    ['replaced by a link to the same bytes elsewhere', (file) => {
      const elsewhere = join(newFolder(), 'a.js');
      writeFileSync(elsewhere, 'one');
      rmSync(file);
      symlinkSync(elsewhere, file);
    }],
    ['replaced by a folder', (file) => {
      rmSync(file);
      mkdirSync(file);
    }],
  ];

  it.each(damages)('does not run what was %s since: it unpacks again', (_what, damage) => {
    const base = newFolder();
    const file = join(unpacked(program(), [base]), 'app/a.js');
    chmodSync(file, 0o600);
    damage(file);

    expect(unpacked(program(), [base])).toBe(join(file, '../..'));
    expect(lstatSync(file).isFile()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('one');
    expect(readdirSync(base)).toHaveLength(1);
  });

  it('fails rather than run bytes that are not those of the build', () => {
    const base = newFolder();
    expect(() => unpacked({ ...program(), read: () => Buffer.from('other') }, [base])).toThrow('does not hold what was written into it');
  });
});

describe('a place to unpack that others could have prepared', () => {
  const prepared: readonly (readonly [how: string, make: () => string, says: string])[] = [
    ['is open to other accounts', () => newFolder(0o755), 'is open to other accounts'],
    ['can be written to by the group', () => newFolder(0o770), 'is open to other accounts'],
    ['is a link to a folder', () => {
      const link = join(newFolder(), 'link');
      symlinkSync(newFolder(), link);
      return link;
    }, 'must be a folder'],
    ['is a file', () => {
      const file = join(newFolder(), 'file');
      writeFileSync(file, '');
      return file;
    }, 'EEXIST'],
    ['lies where everybody can replace it', () => {
      const base = join(newFolder(0o777), 'ccload');
      mkdirSync(base, { mode: 0o700 });
      return base;
    }, 'lets everybody replace'],
  ];

  it.each(prepared)('is refused when it %s, and the next one is taken', (_how, make, says) => {
    const [refused, next] = [make(), newFolder()];
    expect(() => unpacked(program(), [refused])).toThrow(says);
    expect(unpacked(program(), [refused, next])).toContain(next);
  });

  it('is taken among temporary files that everybody may write but not replace', () => {
    const base = join(newFolder(0o1777), 'ccload');
    expect(unpacked(program(), [base])).toContain(base);
  });

  it('is taken below a link to a folder that only its account can change', () => {
    const link = join(newFolder(), 'cache');
    symlinkSync(newFolder(), link);
    expect(unpacked(program(), [join(link, 'ccload')])).toContain(link);
  });

  it('is refused below a link to a folder where everybody can replace it', () => {
    const link = join(newFolder(), 'cache');
    symlinkSync(newFolder(0o777), link);
    expect(() => unpacked(program(), [join(link, 'ccload')])).toThrow('lets everybody replace');
  });

  (isRoot ? it : it.skip)(`is refused when it belongs to another account${isRoot ? '' : ' (NOT RUN: only root can give a folder away)'}`, () => {
    const base = newFolder();
    chownSync(base, 12_345, 12_345);
    expect(() => unpacked(program(), [base])).toThrow('belongs to another account');
    expect(existsSync(join(base, 'app'))).toBe(false);
  });

  it('says why none of them will do', () => {
    const [open, group] = [newFolder(0o755), newFolder(0o770)];
    expect(() => unpacked(program(), [open, group])).toThrow(new RegExp(`no place to unpack[^]*${open} is open[^]*${group} is open`));
  });
});

describe('where the single file unpacks', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/somewhere' }, '/somewhere/ccload'],
    [{ XDG_CACHE_HOME: 'relative' }, expect.stringMatching(/\/\.cache\/ccload$/)],
    [{}, expect.stringMatching(/\/\.cache\/ccload$/)],
  ])('is with %j %s first, then among the temporary files', (variables, first) => {
    const places = cacheFolders(variables);
    expect(places).toEqual([first, join(tmpdir(), `ccload-${process.getuid?.()}`)]);
  });
});
