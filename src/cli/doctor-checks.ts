import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.js';
import { databaseNameOf, inspectDatabase } from '../database/inspect-database.js';
import type { FileReport, StoredAddress } from '../database/inspect-file.js';
import { messageOf } from '../database/error-message.js';
import { channelUrlProblem } from '../domain/endpoint.js';
import { createHttpServer, listen } from '../http-server.js';
import { printable } from './command.js';
import { connectCheckMsMax, connectProblem } from './connect-check.js';
import type { Finding } from './finding.js';
import type { DatabasePlace } from '../database/place.js';
import { isGatewayAt, urlOf } from './reach.js';

const weakPasswordChars = 12;

/** What a configuration that can be used should not stay like. */
export const accessFindings = ({ isPasswordSet, password, tokens, isLoopbackOnly }: Config): readonly Finding[] => {
  const findings: Finding[] = [];
  if (!isPasswordSet) {
    findings.push({
      verdict: 'warning',
      about: 'password',
      says: 'CCLOAD_PASS is not set: the password is "admin", and only this machine can reach the gateway.',
      mend: 'Run "ccload password --write", then restart the gateway.',
    });
  } else if (password.length < weakPasswordChars) {
    const mend = 'Run "ccload password --write --replace", or choose a longer one.';
    findings.push({ verdict: 'warning', about: 'password', says: `CCLOAD_PASS has fewer than ${weakPasswordChars} characters.`, mend });
  }
  if (tokens.length === 0 && !isLoopbackOnly) {
    findings.push({
      verdict: 'warning',
      about: 'tokens',
      says: 'CCLOAD_AUTH is not set: anyone who can reach this address can use your channels.',
      mend: 'Set CCLOAD_AUTH to a long random text, and use it as the API key of your clients.',
    });
  }
  return findings.length > 0 ? findings : [{ verdict: 'ok', about: 'access', says: 'a password and who may call are settled.' }];
};

/** A file with secrets in it that others on this machine could read. */
const privacyFindings = async (about: string, path: string, name: string): Promise<readonly Finding[]> => {
  const file = await stat(path).catch(() => undefined);
  // Windows shows modes that mean nothing there.
  if (file === undefined || (file.mode & 0o077) === 0 || process.platform === 'win32') return [];
  return [{ verdict: 'warning', about, says: `other users of this machine may read ${name}.`, mend: `Run "chmod 600 ${name}".` }];
};

export const envFileFindings = (folder: string): Promise<readonly Finding[]> => privacyFindings('.env', join(folder, '.env'), '.env');

const isWritable = async (path: string): Promise<boolean> => access(path, constants.W_OK).then(() => true, () => false);

/** Why nothing can be put into a folder; one that is not there would be made, in the nearest one above it that is. */
const folderProblem = async (folder: string): Promise<string | undefined> => {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined && dirname(folder) !== folder) return folderProblem(dirname(folder));
  if (found?.isDirectory() !== true) return `${folder} is in the way of the folder that is wanted there.`;
  return (await isWritable(folder)) ? undefined : `the folder ${folder} may not be written to.`;
};

const mendRefused = (place: DatabasePlace): string =>
  'url' in place ? 'Do what it says, or set DATABASE_URL to another database.' : 'Do what it names, set SQLITE_PATH to another file, or put a backup in its place.';

const reportFinding = (place: DatabasePlace, report: FileReport): Finding => {
  const about = 'database';
  const path = databaseNameOf(place);
  switch (report.kind) {
    case 'missing':
      return { verdict: 'ok', about, says: 'url' in place ? `${path} is empty; the first start makes the tables.` : `${path} is not there yet; the first start makes it.` };
    case 'refused':
      return { verdict: 'problem', about, says: report.sentence, mend: mendRefused(place) };
    case 'cut-off':
      return { verdict: 'note', about, says: `${path} holds a change that was cut off when a program ended; the next start, or "ccload migrate", undoes it if the database is ccLoad's.` };
    case 'original': {
      const says = `${path} is a database of the original ccLoad, ${Math.ceil(report.bytes / 1024)} KiB: the next start, or "ccload migrate", copies it aside and takes it over.`;
      return { verdict: 'note', about, says, mend: 'Stop the original first.' };
    }
    case 'readable': {
      const { damage, bytes, pending } = report;
      if (damage !== undefined) return { verdict: 'problem', about, says: `${path} is damaged: ${damage}`, mend: 'Stop the gateway and put a backup in its place.' };
      const coming = pending.length === 0 ? '' : ` ${pending.length} migrations will run at the next start, or with "ccload migrate".`;
      return { verdict: pending.length === 0 ? 'ok' : 'note', about, says: `${path} is sound, ${Math.ceil(bytes / 1024)} KiB.${coming}` };
    }
  }
};

interface DatabaseFindings {
  readonly findings: readonly Finding[];
  readonly channels: readonly StoredAddress[];
}

/** What the database holds, and of a file also its folder. Changes nothing. */
export const databaseFindings = async (place: DatabasePlace, secrets: Config['keySecrets']): Promise<DatabaseFindings> => {
  if ('path' in place) return fileFindings(place.path, secrets);
  const report = await inspectDatabase(place, secrets);
  return { findings: [reportFinding(place, report)], channels: report.kind === 'readable' ? report.channels : [] };
};

const fileFindings = async (path: string, secrets: Config['keySecrets']): Promise<DatabaseFindings> => {
  const place = { path };
  const says = await folderProblem(dirname(path));
  if (says !== undefined) {
    const mend = 'Give the user of the gateway the right to write there, or set SQLITE_PATH to a file elsewhere.';
    return { findings: [{ verdict: 'problem', about: 'database', says, mend }], channels: [] };
  }
  const report = await inspectDatabase(place, secrets);
  if (report.kind !== 'readable' && report.kind !== 'original') return { findings: [reportFinding(place, report)], channels: [] };
  const mend = 'Give the user of the gateway the right to write to it.';
  const unwritable: readonly Finding[] = (await isWritable(path)) ? [] : [{ verdict: 'problem', about: 'database', says: `${path} may not be written to: a gateway would relay, and store nothing.`, mend }];
  const open = await privacyFindings('database', path, path);
  return { findings: [...unwritable, ...open, reportFinding(place, report)], channels: report.channels };
};

/** Is the port ours to take, or has a gateway taken it already? */
export const portFinding = async (config: Config): Promise<Finding> => {
  const about = 'port';
  const url = urlOf(config);
  if (url !== undefined && (await isGatewayAt(url))) return { verdict: 'note', about, says: `a gateway is running at ${url}.` };
  const server = createHttpServer((_request, response) => response.end());
  try {
    await listen(server, config.host, config.port);
    return { verdict: 'ok', about, says: config.port === 0 ? 'any free one will do.' : `${config.port} on ${config.host} is free.` };
  } catch (error) {
    return { verdict: 'problem', about, says: messageOf(error), mend: 'Change PORT or HOST, or stop what is there.' };
  } finally {
    server.close();
  }
};

const channelFinding = async ({ id, name, url, enabled }: StoredAddress, allowLinkLocal: boolean): Promise<Finding> => {
  const about = `channel ${id}, ${printable(name)}`;
  if (!enabled) return { verdict: 'note', about, says: 'disabled, not looked at.' };
  const wrong = channelUrlProblem(url);
  if (wrong !== undefined) return { verdict: 'problem', about, says: wrong, mend: 'Change its URL; until then it gets no requests.' };
  const unreachable = await connectProblem(url, connectCheckMsMax, allowLinkLocal);
  if (unreachable === undefined) return { verdict: 'ok', about, says: `${new URL(url).host} can be reached.` };
  return { verdict: 'problem', about, says: `${printable(unreachable)}.`, mend: 'Mend what it names, or disable the channel.' };
};

const channelsAtATime = 16;

/** Looks at every enabled channel: its URL, and whether a connection can be made. Sends no request to any. */
export const channelFindings = async (channels: readonly StoredAddress[], { allowLinkLocal }: Pick<Config, 'allowLinkLocal'>): Promise<readonly Finding[]> => {
  if (channels.length === 0) return [{ verdict: 'note', about: 'channels', says: 'there are none yet.', mend: 'Run "ccload channels add".' }];
  const findings: Finding[] = [];
  for (let first = 0; first < channels.length; first += channelsAtATime) {
    findings.push(...(await Promise.all(channels.slice(first, first + channelsAtATime).map((channel) => channelFinding(channel, allowLinkLocal)))));
  }
  return findings;
};
