import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../database/error-message.js';
import { done, failed, type Command, type Outcome } from './command.js';
import { passwordIn, withPassword } from './env-file.js';

const passwordBytes = 24;

const explanation = (state: string): string => `The admin password is the variable CCLOAD_PASS, from the environment or from .env in the working directory; the
environment wins. Nothing else holds it, so it cannot be shown or forgotten, only set anew. A gateway reads it when it
starts; with another password everybody has to log in again.

${state}

To have a strong one generated into .env:   ccload password --write
To replace the one that is there:           ccload password --write --replace
`;

const textOf = async (path: string): Promise<string> => {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return '';
    throw new Error(`${path} exists but cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

/** All or nothing, and for its owner only. */
const store = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new Error(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
};

const write = async (path: string, mayReplace: boolean, isSetOutside: boolean): Promise<Outcome> => {
  const text = await textOf(path);
  if (passwordIn(text) !== undefined && !mayReplace) return failed('.env sets a password already; --replace puts a new one in its place.');
  const changed = withPassword(text, randomBytes(passwordBytes).toString('base64url'));
  if (changed === undefined) return failed('.env sets CCLOAD_PASS in a way that only you can change, over several lines.');
  await store(path, changed);
  const notes = isSetOutside ? ['The environment sets CCLOAD_PASS too, and wins over .env: take it away there.'] : [];
  return done('A new password is in .env, readable by you alone. Restart the gateway to use it.\n', { file: path }, notes);
};

const stateOf = (isSet: boolean, isInFile: boolean): string => {
  if (!isSet) return 'It is not set: the password is "admin", and only this machine can reach the gateway.';
  return isInFile ? 'It is set, in .env.' : 'It is set, in the environment.';
};

export const password: Command = {
  name: 'password',
  summary: 'How the admin password is set; generates one',
  operands: [],
  options: {
    write: { type: 'boolean', says: 'Generate a strong password into .env.' },
    replace: { type: 'boolean', says: 'Also when .env has one already.' },
  },
  run: async (given, surroundings) => {
    const path = join(surroundings.folder, '.env');
    const inFile = passwordIn(await textOf(path));
    const { CCLOAD_PASS: inForce = '' } = surroundings.environment();
    if (given.flag('write')) return write(path, given.flag('replace'), inForce !== '' && inForce !== inFile);
    const isSet = inForce !== '';
    return done(explanation(stateOf(isSet, inForce === inFile)), { is_set: isSet });
  },
};
