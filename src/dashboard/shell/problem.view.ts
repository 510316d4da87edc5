import type { HttpException } from '@nestjs/common';
import { StorageRefusal, TryLaterException } from '../../http/problem-filter.js';
import type { SharedTexts } from '../text/shared.en.js';

export interface ProblemView {
  readonly title: string;
  readonly sentence: string;
  readonly homeLabel: string;
  readonly homePath: string;
}

const sentenceOf = (error: HttpException, problem: SharedTexts['problem']): string => {
  const said = `${problem.reference}: ${error.message}`;
  if (!(error instanceof TryLaterException)) return error.getStatus() >= 500 ? problem.inside : said;
  const retry = problem.retryAfter(Math.ceil(error.retryAfterMs / 1000));
  return error instanceof StorageRefusal ? `${problem.storage(error.problem)} ${retry}` : `${said}. ${retry}`;
};

/** What a page says instead of what was asked for. */
export const problemView = (error: HttpException, { problem }: SharedTexts): ProblemView => {
  const home = { homeLabel: problem.home, homePath: '/web/' };
  if (error.getStatus() === 404) return { title: problem.notFoundTitle, sentence: problem.notFound, ...home };
  return { title: problem.title, sentence: sentenceOf(error, problem), ...home };
};
