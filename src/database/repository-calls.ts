import { StorageError, type StorageProblem } from '../domain/storage-problem.js';
import type { LineListener } from './database-line.js';
import { messageOf } from './error-message.js';
import type { OpenRepositories } from './open-repositories.js';
import { storageProblemIn } from './postgres/lost-connection.js';
import { remoteMethods, type Manner, type Repositories, type RepositoryName } from './repositories.js';

/** One method call on its way into the database thread. */
export interface RepositoryCall {
  readonly repository: RepositoryName;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Who can carry calls to the repositories: a thread, or the caller's own. */
export interface RepositoryCaller {
  /** Rejects with a sentence when the call failed, could not be queued, or the database is closed; with a `StorageError` for want of storage. */
  call(call: RepositoryCall): Promise<unknown>;
  /** False once the database is closed or has died. */
  readonly isUp: boolean;
  /** True while nothing can be stored, because the file may only be read. */
  readonly isReadOnly: boolean;
  /** Calls that wait for their answer. */
  readonly pendingCalls: number;
  /** Calls that were refused because too many waited. */
  readonly refusedCalls: number;
  /** Sends a text to the others that have the same database open; does nothing where there can be none. */
  tell(text: string): void;
  /** Who hears them. */
  hear(listener: LineListener): void;
  /** Waits for the calls made so far, then closes the database. */
  close(): Promise<void>;
}

const mannerOf = ({ repository, method }: RepositoryCall): Manner => {
  const methods: Readonly<Record<string, Manner>> = Object.hasOwn(remoteMethods, repository) ? remoteMethods[repository] : {};
  const manner = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (manner === undefined) throw new Error(`there is no method ${repository}.${method}`);
  return manner;
};

const execute = async (database: OpenRepositories, call: RepositoryCall): Promise<unknown> => {
  const manner = mannerOf(call);
  return manner === 'durable' ? database.durably((repositories) => perform(repositories, call)) : perform(database.repositories, call);
};

const perform = async (repositories: Repositories, { repository, method, args }: RepositoryCall): Promise<unknown> => {
  const target = repositories[repository];
  const action: unknown = Reflect.get(target, method);
  if (typeof action !== 'function') throw new Error(`${repository}.${method} is not a method`);
  return Reflect.apply(action, target, args);
};

/** Runs calls strictly one after the other, so that what one method does in several statements is never interleaved. */
export class SerialCalls {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: OpenRepositories) {}

  run(call: RepositoryCall): Promise<unknown> {
    const result = this.last.then(() => execute(this.database, call));
    this.last = result.catch(() => this.database.recover());
    return result;
  }

  /** Resolves when every call made so far has ended, well or badly. */
  async settled(): Promise<void> {
    await this.last;
  }
}

/** A failed call as it crosses between threads. */
export interface CallFailure {
  /** What failed, without parameters: SQL parameters may be keys. */
  readonly sentence: string;
  readonly problem: StorageProblem | undefined;
}

export const failureOf = (call: RepositoryCall, error: unknown): CallFailure => ({
  sentence: `The database could not do ${call.repository}.${call.method}: ${messageOf(error)}`,
  problem: storageProblemIn(error),
});

export const errorOf = ({ sentence, problem }: CallFailure): Error =>
  problem === undefined ? new Error(sentence) : new StorageError(sentence, problem);
