import { Socket } from 'node:net';
import { TypeOverrides, types, type ClientConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { secondMs } from '../../domain/time.js';
import { tableOptions } from '../data-source.js';
import { silence } from '../silent-logger.js';
import { withSettings } from './server-name.js';

/** Longest wait for a connection, log-in included. */
export const connectMsMax = 5 * secondMs;

/** A connection that is in the middle of something and says nothing for so much longer than it may is given up. */
const silenceMsOver = 5 * secondMs;

/** Another replica that stopped in the middle of a change must not keep its turn for longer. */
const idleInTransactionMsMax = 10 * secondMs;

/** How a connection is used: `lax` tells of a commit before the disk has it; `durable` when it does. */
export type Use = 'lax' | 'durable' | 'reading' | 'opening';

/** Longest statement; 0 is without end, for migrations. */
const statementMsMax: Readonly<Record<Use, number>> = { lax: 15 * secondMs, durable: 15 * secondMs, reading: 30 * secondMs, opening: 0 };

/** Sums and 64-bit integers as numbers: ours are counts, ids and milliseconds, far below 2^53. */
const numbers = new TypeOverrides();
numbers.setTypeParser(types.builtins.INT8, Number);
numbers.setTypeParser(types.builtins.NUMERIC, Number);

/** A socket that gives up when the other side has said nothing for so long: its host may be gone without a word. */
const impatientSocket = (silenceMsMax: number) => (): Socket => {
  const socket = new Socket();
  socket.setTimeout(silenceMsMax, () => {
    socket.destroy(Object.assign(new Error(`the server said nothing for ${silenceMsMax / secondMs} s`), { code: 'ETIMEDOUT' }));
  });
  return socket;
};

/** What a client of the driver needs beside the URL. */
export const clientOptions = (silenceMsMax: number): ClientConfig => ({
  types: numbers,
  keepAlive: true,
  connectionTimeoutMillis: connectMsMax,
  application_name: 'ccload',
  ...(silenceMsMax === 0 ? {} : { stream: impatientSocket(silenceMsMax) }),
});

/** The URL with what all sessions of this use have in common. */
export const urlFor = (url: string, use: Use): string =>
  withSettings(url, {
    synchronous_commit: use === 'lax' ? 'off' : 'on',
    default_transaction_read_only: use === 'reading' ? 'on' : 'off',
    statement_timeout: statementMsMax[use],
    idle_in_transaction_session_timeout: use === 'opening' ? 0 : idleInTransactionMsMax,
  });

/**
 * What TypeORM must know. One connection per use, because calls come one after the other; a second one while opening, which
 * holds the turn.
 */
export const postgresOptions = (url: string, use: Use) =>
  ({
    type: 'postgres',
    url: urlFor(url, use),
    poolSize: use === 'opening' ? 2 : 1,
    extra: { ...clientOptions(statementMsMax[use] === 0 ? 0 : statementMsMax[use] + silenceMsOver), idleTimeoutMillis: 0 },
    installExtensions: false,
    logger: silence,
    ...tableOptions,
  }) as const satisfies DataSourceOptions;
