import { Catch, HttpException, UnauthorizedException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerFor, ProblemFilter, TryLaterException } from '../../http/problem-filter.js';
import { sharedTexts } from '../text/shared-texts.js';
import { Pages } from './pages.js';
import { problemView } from './problem.view.js';
import { redirectTo, visitOf, type Visit } from './visit.js';

/** True when a person would see the answer: a page of ours, asked for by a browser. */
const isForReader = (request: Request): boolean =>
  /^\/web(\/|$)/i.test(request.path) && !/^\/web\/assets\//i.test(request.path) && request.accepts(['json', 'html']) === 'html';

/** The page that the form stands on, for a form whose session had ended. What was sent is gone: it may hold a key. */
const loginPath = ({ originalUrl }: Request): string => `/web/login.html?redirect=${encodeURIComponent(originalUrl.replace(/\/confirm$/i, ''))}`;

const toLogin = (visit: Visit): string => redirectTo(visit, loginPath(visit.request), { key: 'sessionHadEnded', subject: '' });

/** What goes wrong on the way to a page becomes a page; all else keeps the envelope of the API. */
@Catch()
export class PageProblemFilter extends ProblemFilter implements ExceptionFilter {
  constructor(private readonly pages: Pages) {
    super();
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const error = answerFor(thrown);
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    if (!(error instanceof HttpException) || response.headersSent || !isForReader(request)) return super.catch(error, host);
    const visit = visitOf(request, response);
    if (error instanceof UnauthorizedException) return void response.send(toLogin(visit));
    const status = error.getStatus();
    const view = problemView(error, sharedTexts[visit.language]);
    if (error instanceof TryLaterException) response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    response.send(this.pages.html(visit, { template: 'problem', title: view.title, view, status }));
  }
}
