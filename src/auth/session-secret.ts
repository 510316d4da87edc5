import { createHmac, randomBytes } from 'node:crypto';
import type { Remote } from '../database/remote.js';
import type { SettingRepository } from './setting.repository.js';

const secretBytes = 32;

/**
 * The key that signs session cookies: made once, kept in the database, and mixed with the password, so that changing the
 * password ends every session.
 */
export const sessionSecret = async (settings: Remote<SettingRepository>, password: string): Promise<string> => {
  const kept = await settings.valueOrInsert('session_secret', randomBytes(secretBytes).toString('base64url'));
  return createHmac('sha256', kept).update(password).digest('base64url');
};
