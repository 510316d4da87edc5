import { messageOf } from './error-message.js';
import { remoteMethods, type Repositories, type RepositoryName } from './repositories.js';

/** One method call on its way into the database thread. */
export interface RepositoryCall {
  readonly repository: RepositoryName;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Who can carry calls to the repositories: a thread, or the caller's own. */
export interface RepositoryCaller {
  /** Rejects with a sentence when the call failed, could not be queued, or the database is closed. */
  call(call: RepositoryCall): Promise<unknown>;
  /** False once the database is closed or has died. */
  readonly isUp: boolean;
  /** Calls that wait for their answer. */
  readonly pendingCalls: number;
  /** Calls that were refused because too many waited. */
  readonly refusedCalls: number;
  /** Waits for the calls made so far, then closes the database. */
  close(): Promise<void>;
}

const execute = async (repositories: Repositories, { repository, method, args }: RepositoryCall): Promise<unknown> => {
  if (!Object.hasOwn(remoteMethods, repository) || !Object.hasOwn(remoteMethods[repository], method)) {
    throw new Error(`there is no method ${repository}.${method}`);
  }
  const target = repositories[repository];
  const action: unknown = Reflect.get(target, method);
  if (typeof action !== 'function') throw new Error(`${repository}.${method} is not a method`);
  return Reflect.apply(action, target, args);
};

/** Runs calls strictly one after the other, so that what one method does in several statements is never interleaved. */
export class SerialCalls {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly repositories: Repositories) {}

  run(call: RepositoryCall): Promise<unknown> {
    const result = this.last.then(() => execute(this.repositories, call));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every call made so far has ended, well or badly. */
  async settled(): Promise<void> {
    await this.last;
  }
}

/** What failed, without parameters: SQL parameters may be keys. */
export const sentenceOf = (call: RepositoryCall, error: unknown): string =>
  `The database could not do ${call.repository}.${call.method}: ${messageOf(error)}`;
