import { storageProblemOf, type StorageProblem } from '../../domain/storage-problem.js';
import { codeOf, messageOf } from '../error-message.js';

/** The driver has no code for these, nor TypeORM for a connection that broke between two statements. */
const withoutCode =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Query runner already released|Connection with .* database is not established)/;

/** What an error says about the storage, whichever engine it comes from; `undefined` when the statement itself was at fault. */
export const storageProblemIn = (error: unknown): StorageProblem | undefined =>
  storageProblemOf(codeOf(error)) ?? (withoutCode.test(messageOf(error)) ? 'unreachable' : undefined);
