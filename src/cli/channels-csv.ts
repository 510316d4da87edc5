import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { messageOf } from '../database/error-message.js';
import { done, failed, printable, type Command, type Failed, type Outcome } from './command.js';
import { parseImportResult } from './parse-reply.js';
import { reachDetails, reachOptions, withAdmin } from './reach.js';

/** The administration takes no larger file either. */
const fileBytesMax = 10 * 1024 * 1024;
const errorsShownMax = 50;

const fileAt = async (path: string): Promise<Blob | Failed> => {
  try {
    const { size } = await stat(path);
    if (size > fileBytesMax) return failed(`${path} has ${size} bytes; at most ${fileBytesMax} can be imported.`);
    return new Blob([await readFile(path)], { type: 'text/csv' });
  } catch (error) {
    return failed(`${path} cannot be read: ${messageOf(error)}`);
  }
};

const outcomeOf = (data: unknown, isDry: boolean): Outcome => {
  const { created, updated, skipped, errors } = parseImportResult(data);
  const counts = `${created} created, ${updated} updated, ${skipped} skipped${isDry ? '; nothing was stored' : ''}.`;
  if (errors.length === 0) return done(`${counts}\n`, data);
  const more = errors.length > errorsShownMax ? [`… and ${errors.length - errorsShownMax} more`] : [];
  return { kind: 'failed', sentence: [...errors.slice(0, errorsShownMax).map(printable), ...more, counts].join('\n'), value: data };
};

export const channelsImport: Command = {
  name: 'channels import',
  summary: 'Add and change channels from a CSV file',
  operands: ['FILE'],
  options: { 'dry-run': { type: 'boolean', says: 'Say what would happen and store nothing.' }, ...reachOptions },
  details: `Channels are told apart by their names. Rows that cannot be used are reported with their line and skipped; then the
exit code is 1.\n\n${reachDetails}`,
  run: async (given, surroundings) => {
    const [name = ''] = given.operands;
    const file = await fileAt(resolve(surroundings.folder, name));
    if ('kind' in file) return file;
    const isDry = given.flag('dry-run');
    return withAdmin(given, surroundings, async (api) => {
      const body = new FormData();
      body.set('file', file, basename(name));
      const reply = await api.call({ method: 'POST', path: `/admin/channels/import${isDry ? '?dry_run=true' : ''}`, body });
      return reply.kind === 'failed' ? reply : outcomeOf(reply.data, isDry);
    });
  },
};

/** For its owner only, and never over another file: it holds the keys in clear. */
const writePrivately = async (path: string, text: string): Promise<Failed | undefined> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
    return undefined;
  } catch (error) {
    return failed(`${path} cannot be written: ${messageOf(error)}`);
  } finally {
    await file?.close();
  }
};

export const channelsExport: Command = {
  name: 'channels export',
  summary: 'All channels as CSV, with their keys in clear',
  operands: [],
  options: { out: { type: 'string', value: 'FILE', says: 'Write to this new file, readable by you alone, instead of the terminal.' }, ...reachOptions },
  details: reachDetails,
  run: (given, surroundings) =>
    withAdmin(given, surroundings, async (api) => {
      const reply = await api.call({ method: 'GET', path: '/admin/channels/export' });
      if (reply.kind === 'failed') return reply;
      const out = given.text('out');
      if (out === undefined) return done(reply.text, { csv: reply.text });
      const problem = await writePrivately(resolve(surroundings.folder, out), reply.text);
      return problem ?? done(`The channels are in ${out}.\n`, { file: out });
    }),
};
