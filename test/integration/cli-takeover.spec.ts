import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import { aChannel, killedAfter, manyLogRows, writeOriginal, type OriginalRows } from '../support/original-database.js';

const withOriginal = async (rows: OriginalRows): Promise<CommandLine> => {
  const cli = commandLine({ CCLOAD_AUTH: 'token', SQLITE_PATH: 'ccload.db' });
  await writeOriginal(join(cli.folder, 'ccload.db'), rows);
  return cli;
};

const digestIn = (cli: CommandLine): string => createHash('sha256').update(readFileSync(join(cli.folder, 'ccload.db'))).digest('hex');

describe('the doctor, on a database of the original ccLoad,', () => {
  it('says what the next start will do, looks at its channels, and changes nothing', async () => {
    const cli = await withOriginal({ channels: [{ ...aChannel, url: await closedPortUrl() }, { ...aChannel, name: 'off', enabled: 0 }] });
    const before = digestIn(cli);
    const { out } = await cli.run('doctor');
    expect(out).toMatch(/note +database: .*ccload\.db is a database of the original ccLoad, \d+ KiB: the next start, or "ccload migrate", copies it aside and takes it over\.\n +Stop the original first\./);
    expect(out).toMatch(/PROBLEM +channel 1, main: 127\.0\.0\.1 refuses the connection/);
    expect(out).toMatch(/note +channel 2, off: disabled/);
    expect([digestIn(cli), readdirSync(cli.folder)]).toEqual([before, ['ccload.db']]);
  });

  it('says what a later version lacks', async () => {
    const cli = await withOriginal({ schema: { channels: 'CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT, url TEXT, models TEXT)' } });
    const { out, exitCode } = await cli.run('doctor');
    expect([exitCode, out]).toEqual([1, expect.stringMatching(/PROBLEM +database: .*looks like one of the original ccLoad, but its table channels has no api_key/)]);
  });
});

describe('after an original was ended in the middle of a change', () => {
  it('the doctor says so, and migrate undoes it and takes the rest over', async () => {
    const cli = await withOriginal({ channels: [aChannel], then: [manyLogRows(2_000, 1_758_960_000)] });
    killedAfter(join(cli.folder, 'ccload.db'), `BEGIN; UPDATE logs SET message = printf('%0500d', id); DELETE FROM channels;`);
    const before = digestIn(cli);
    expect((await cli.run('doctor')).out).toMatch(/note +database: .*ccload\.db holds a change that was cut off when a program ended; the next start, or "ccload migrate", undoes it if the database is ccLoad's\./);
    expect(digestIn(cli)).toBe(before);
    expect(await cli.run('migrate')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^ccload\.db is rid of a half-done change and up to date:\n/) });
    expect((await cli.run('channels', 'list')).out).toContain('main');
  });
});

describe('migrate, on a database of the original ccLoad,', () => {
  it('takes it over, then finds nothing to do', async () => {
    const cli = await withOriginal({ channels: [aChannel] });
    const { out, exitCode } = await cli.run('migrate');
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^ccload\.db was taken over from the original ccLoad:\n {2}InitialSchema\d+\n/)]);
    expect(readdirSync(cli.folder)).toContainEqual(expect.stringMatching(/^ccload\.db\.before-/));
    expect(await cli.run('migrate')).toMatchObject({ exitCode: 0, out: 'ccload.db is up to date.\n' });
    expect((await cli.run('channels', 'list')).out).toContain('main');
  });

  it('leaves one alone that it does not know', async () => {
    const cli = await withOriginal({ schema: { logs: '', rr: '', cooldowns: '' } });
    const before = digestIn(cli);
    expect(await cli.run('migrate')).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining("holds tables that are not ccLoad's") });
    expect([digestIn(cli), readdirSync(cli.folder)]).toEqual([before, ['ccload.db']]);
  });
});
