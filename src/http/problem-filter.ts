import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { StorageError, storageSentences, type StorageProblem } from '../domain/storage-problem.js';
import { secondMs } from '../domain/time.js';
import { bugReport } from './bug-report.js';
import { problemEnveloped } from './envelope.js';

/** Refuses a caller for a while; the answer says in `Retry-After` how long. */
export class TryLaterException extends HttpException {
  /** `retryAfterMs` is rounded up to whole seconds, as the header wants them. */
  constructor(
    status: 429 | 503 | 507,
    sentence: string,
    readonly retryAfterMs: number,
  ) {
    super(sentence, status);
  }
}

const storageRetryMs = 10 * secondMs;

/** What failed for want of storage is nobody's bug: the operator is told what to mend. */
export class StorageRefusal extends TryLaterException {
  /** For those who say it in another language. */
  readonly problem: StorageProblem;

  constructor({ problem }: StorageError) {
    super(problem === 'disk-full' ? 507 : 503, `the database cannot do this now: ${storageSentences[problem]}`, storageRetryMs);
    this.problem = problem;
  }
}

/** What was thrown as an answer to whoever asked, where it stands for one; anything else is left as it is. */
export const answerFor = (thrown: unknown): unknown => (thrown instanceof StorageError ? new StorageRefusal(thrown) : thrown);

/** Turns whatever a request ran into into the envelope. What nobody expected is logged and told as a plain 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = answerFor(thrown);
    const response = host.switchToHttp().getResponse<Response>();
    const expected = error instanceof HttpException ? error : undefined;
    if (expected === undefined) this.logger.error(bugReport(error));
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (expected instanceof TryLaterException) response.set('Retry-After', String(Math.ceil(expected.retryAfterMs / 1000)));
    response
      .status(expected?.getStatus() ?? 500)
      .json(problemEnveloped(expected?.message ?? 'something went wrong inside ccLoad; its log says what'));
  }
}
