import { inspectDatabaseFile, type FileReport } from './inspect-file.js';
import type { KeySecrets } from './key-secrets.js';
import type { DatabasePlace } from './place.js';
import { inspectServer } from './postgres/inspect-server.js';
import { serverNameOf } from './postgres/server-name.js';

/** As sentences name it; no secret is in it. */
export const databaseNameOf = (place: DatabasePlace): string => ('url' in place ? serverNameOf(place.url) : place.path);

/** What a database is, found out without changing it. */
export const inspectDatabase = (place: DatabasePlace, secrets: KeySecrets): Promise<FileReport> =>
  'url' in place ? inspectServer(place.url, secrets) : inspectDatabaseFile(place.path, secrets);
