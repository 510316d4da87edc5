import type { HttpException } from '@nestjs/common';
import { TryLaterException } from '../../http/problem-filter.js';
import type { SharedTexts } from '../text/shared.en.js';

export interface ProblemView {
  readonly title: string;
  readonly sentence: string;
  readonly homeLabel: string;
}

/** What a page says instead of what was asked for. */
export const problemView = (error: HttpException, { problem }: SharedTexts): ProblemView => {
  const status = error.getStatus();
  if (status === 404) return { title: problem.notFoundTitle, sentence: problem.notFound, homeLabel: problem.home };
  const retry = error instanceof TryLaterException ? ` ${problem.retryAfter(Math.ceil(error.retryAfterMs / 1000))}` : '';
  const sentence = status >= 500 && retry === '' ? problem.inside : `${problem.reference}: ${error.message}${retry}`;
  return { title: problem.title, sentence, homeLabel: problem.home };
};
