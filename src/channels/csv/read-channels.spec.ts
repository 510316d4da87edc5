import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Channel } from '../../domain/channel.js';
import { csvRowsMax, readChannels, type FileRows } from './read-channels.js';
import { csvFileName, csvHead, csvLines } from './write-channels.js';

const header = 'name,api_key,url,models,priority,enabled\n';
const url = 'https://a.example';

const rowsOf = (read: FileRows) => (read.kind === 'rows' ? read.rows : []);
const draftsOf = (text: string) => rowsOf(readChannels(text)).flatMap((row) => (row.kind === 'draft' ? [row.draft] : []));
const sentencesOf = (text: string) => rowsOf(readChannels(text)).flatMap((row) => (row.kind === 'bad' ? [row.sentence] : []));

describe('a row', () => {
  it.each([
    ['["m1","m2"]', ['m1', 'm2']],
    ['"[""m1"",""m2""]"', ['m1', 'm2']],
    ['"[\\""m1\\"",\\""m2\\""]"', ['m1', 'm2']],
    ['[\\"m1\\"]', ['m1']],
    ['"m1, m2 ,,m1"', ['m1', 'm2']],
    ['m1;m2;', ['m1', 'm2']],
    ['m1|m2', ['m1', 'm2']],
    ['"m1\r\nm2\nm3\rm4"', ['m1', 'm2', 'm3', 'm4']],
    ['模型', ['模型']],
  ])('has the models of %j', (cell, models) => {
    expect(draftsOf(`name;key;url;models\n`.replaceAll(';', ',') + `a,k,${url},${cell.includes(',') && !cell.startsWith('"') ? `"${cell.replaceAll('"', '""')}"` : cell}`)).toEqual([
      { name: 'a', apiKey: 'k', url, models },
    ]);
  });

  it.each([
    ['', true],
    ['1', true],
    ['TRUE', true],
    ['yes', true],
    ['Y', true],
    ['on', true],
    ['enabled', true],
    ['启用', true],
    ['0', false],
    ['False', false],
    ['no', false],
    ['N', false],
    ['off', false],
    ['disabled', false],
    ['禁用', false],
  ])('is enabled by %j: %s', (cell, enabled) => {
    expect(draftsOf(`${header}a,k,${url},m,5, ${cell} `)).toEqual([{ name: 'a', apiKey: 'k', url, models: ['m'], priority: 5, enabled }]);
  });

  it.each([
    ['', 0],
    ['-7', -7],
    ["'-7", -7],
    ['+7', 7],
    [' 12 ', 12],
  ])('has by %j the priority %d', (cell, priority) => {
    expect(draftsOf(`${header}a,k,${url},m,${cell},`)[0]?.priority).toBe(priority);
  });

  it.each([
    [`,k,${url},m`, 'name must be text of 1 to 191 characters without control characters'],
    [`${'n'.repeat(192)},k,${url},m`, 'name must be text of 1 to 191'],
    [`"a\u0000b",k,${url},m`, 'name must be text of 1 to 191'],
    [`"a\nb",k,${url},m`, 'name must be text of 1 to 191'],
    [`a,,${url},m`, 'api_key must be 1 to 4096 visible ASCII'],
    [`a,two words,${url},m`, 'api_key must be 1 to 4096 visible ASCII'],
    [`a,sk-ant-****abcd,${url},m`, 'api_key must be the key itself, not its masked form'],
    ['a,k,ftp://a.example,m', 'url must begin with http:// or https://'],
    ['a,k,,m', 'url must begin with http:// or https://'],
    ['a,k,https://user:secret@a.example,m', 'url must not contain credentials'],
    ['a,k,http://169.254.169.254,m', 'url must not lead to 169.254.169.254'],
    ['a,k,http://[fe80::1]:8080,m', 'url must not lead to [fe80::1]'],
    [`a,k,${url},`, 'models must be a list of 1 to 500 names'],
    [`a,k,${url},;|`, 'models must be a list'],
    [`a,k,${url},[]`, 'models must be a list'],
    [`a,k,${url},[1]`, 'models must be a list'],
    [`a,k,${url},"[""m"""`, 'models must be a list'],
    [`a,k,${url},[[["m"]]]`, 'models must be a list'],
    [`a,k,${url},m,high`, 'priority must be a whole number from -1000000 to 1000000'],
    [`a,k,${url},m,1.5`, 'priority must be a whole number'],
    [`a,k,${url},m,1e3`, 'priority must be a whole number'],
    [`a,k,${url},m,1000001`, 'priority must be a whole number'],
    [`a,k,${url},m,0,maybe`, 'enabled must be blank'],
    ['a', 'api_key must be 1 to 4096'],
    [`"a,k,${url},m`, 'a quoted cell is not closed or goes on after its end'],
    [`"a"b,k,${url},m`, 'a quoted cell is not closed or goes on after its end'],
  ])('%j is bad', (row, sentence) => {
    expect(sentencesOf(`${header}${row}`)).toEqual([expect.stringContaining(`line 2: ${sentence}`)]);
  });

  it('may lead to a link-local address once that is allowed', () => {
    expect(rowsOf(readChannels(`${header}a,k,http://169.254.0.1,m`, { allowLinkLocal: true }))).toMatchObject([{ kind: 'draft' }]);
  });

  it('is told all that is wrong with it at once, and nothing of its values', () => {
    const [sentence = ''] = sentencesOf(`${header}a,two secret-words,x,,high,perhaps`);
    expect(sentence.split('; ').map((part) => part.replace('line 2: ', '').split(' ')[0])).toEqual(['api_key', 'url', 'models', 'priority', 'enabled']);
    expect(sentence).not.toContain('secret');
  });
});

describe('a file', () => {
  const row = (name: string): string => `${name},k,${url},m,0,1`;

  it.each([
    ['line feeds', [header.trim(), row('a'), row('b')].join('\n')],
    ['carriage returns', [header.trim(), row('a'), row('b')].join('\r')],
    ['both, mixed', `${header.trim()}\r\n${row('a')}\n${row('b')}\r`],
    ['blank lines', `\n\r\n${header}\n\n${row('a')}\n,,,,,\n   \n${row('b')}\n\n`],
    ['semicolons', [header.trim(), row('a'), row('b')].join('\n').replaceAll(',', ';')],
    ['tabs', [header.trim(), row('a'), row('b')].join('\n').replaceAll(',', '\t')],
    ['quotes everywhere', [header.trim(), row('a'), row('b')].map((line) => line.split(',').map((cell) => `"${cell}"`).join(',')).join('\r\n')],
  ])('with %s is read', (_what, text) => {
    expect(draftsOf(text).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('names the lines of its bad rows as an editor counts them', () => {
    const text = `${header}\n${row('a')}\nb,,${url},m\r\nc,k,${url},"m1\nm2\r\nm3"\n\nd,,${url},m\n`;
    expect(sentencesOf(text).map((sentence) => sentence.split(':')[0])).toEqual(['line 4', 'line 9']);
  });

  it('passes over columns it does not know', () => {
    expect(draftsOf(`colour,name,id,key,url,models\nred,a,77,k,${url},m,more,and more`)).toEqual([{ name: 'a', apiKey: 'k', url, models: ['m'] }]);
  });

  it.each([
    ['', 'the file has no column name, api_key, url, models'],
    ['\n\n\n', 'the file has no column name, api_key, url, models'],
    ['name,url\na,b', 'the file has no column api_key, models'],
    ['"name,api_key,url,models', 'the file has no column name'],
    ['{"name":"a"}', 'the file has no column name'],
    [`${header}${'\n'.repeat(200_000)}`, 'the file has more than 100000 blank rows'],
    [`${header}${`${row('a')}\n`.repeat(csvRowsMax + 1)}`, 'the file has more than 50000 rows'],
  ])('is refused when it is %p', (text, sentence) => {
    expect(readChannels(text)).toEqual({ kind: 'problem', sentence: expect.stringContaining(sentence) });
  });

  const bytes = 10 * 1024 * 1024;
  it.each([
    ['quotes', `${header}${'"'.repeat(bytes)}`],
    ['an open quote', `${header}"${'a,b\n'.repeat(bytes / 4)}`],
    ['quotes that end nothing', `${header}${'"a" '.repeat(bytes / 4)}`],
    ['quotes that end nothing, inside quotes', `${header}"${'a"b '.repeat(bytes / 4)}`],
    ['commas', `${header}${','.repeat(bytes)}`],
    ['commas in the header', ','.repeat(bytes)],
    ['line breaks', `${header}${'\n'.repeat(bytes)}`],
    ['carriage returns', `${header}${'\r'.repeat(bytes)}`],
    ['brackets', `${header}a,k,${url},${'['.repeat(bytes)}`],
    ['backslashes', `${header}a,k,${url},"[${'\\'.repeat(bytes)}`],
    ['separators in a list', `${header}a,k,${url},${';'.repeat(bytes)}`],
    ['one name', `${header}${'a'.repeat(bytes)},k,${url},m`],
    ['formula guards', `${header}${"'".repeat(bytes)},k,${url},m`],
    ['spaces', `${header}${' '.repeat(bytes)}`],
    ['rows with next to nothing', `${header}${'a\n'.repeat(bytes / 2)}`],
  ])('of ten megabytes of %s ends in a few seconds', (_what, text) => {
    const before = performance.now();
    const read = readChannels(text);
    expect(performance.now() - before).toBeLessThan(8_000);
    expect(rowsOf(read).filter(({ kind }) => kind === 'draft')).toEqual([]);
  });
});

describe('what was written', () => {
  const channelOf = (id: number, changes: Partial<Channel> = {}): Channel => ({
    id,
    name: `n${id}`,
    url,
    keys: [{ id: 1, secret: 'k' }],
    models: [{ name: 'm' }],
    priority: 0,
    enabled: true,
    createdAt: 0,
    updatedAt: 0,
    ...changes,
  });

  it('is the header and a line per channel', () => {
    const models = [{ name: 'a,"b"' }, { name: '模型' }];
    expect(csvHead + csvLines([channelOf(3, { name: '=1+1', priority: -5, enabled: false, models })])).toBe(
      '\uFEFFid,name,api_key,url,priority,models,enabled\r\n' +
        `3,'=1+1,k,https://a.example,-5,"[""a,\\""b\\"""",""模型""]",false\r\n`,
    );
  });

  it('is only the header when there is nothing', () => {
    expect(csvLines([])).toBe('');
  });

  it('is read as it was, whatever the names', () => {
    const name = fc
      .string({ unit: fc.constantFrom("'", '"', '=', '+', '-', '@', ',', ';', '|', '\\', '[', ']', ' ', 'a', 'é', '模', '😀', '\u202e'), minLength: 1, maxLength: 12 })
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const models = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(name, models, fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.boolean(), (text, names, priority, enabled) => {
        const channel = channelOf(1, { name: text, models: names.map((model) => ({ name: model })), priority, enabled });
        expect(draftsOf(`${csvHead}${csvLines([channel])}`)).toEqual([{ name: text, apiKey: 'k', url, models: names, priority, enabled }]);
      }),
    );
  });

  it('has the moment in its name', () => {
    expect(csvFileName(new Date(2026, 0, 2, 3, 4, 5))).toBe('channels-20260102-030405.csv');
  });
});
