import { Body, Get, HttpException, Post, Query } from '@nestjs/common';
import { AuthService } from '../../auth/auth.service.js';
import { TryLaterException } from '../../http/problem-filter.js';
import { ownPath } from '../../http/own-path.js';
import { formValues } from '../shell/parse-form.js';
import { pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { FromVisit, redirectTo, type Visit } from '../shell/visit.js';
import { loginProblem, loginTexts, loginView, passwordCharsMax } from './login.view.js';

const home = '/web/';

/** What the page says after a login that failed. */
interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

@PageController()
export class LoginController {
  constructor(
    private readonly pages: Pages,
    private readonly auth: AuthService,
  ) {}

  @Get(pageRoutes('login')) show(@FromVisit() visit: Visit, @Query() query: unknown): string {
    const target = ownPath(formValues(query, ['redirect']).redirect) ?? home;
    return this.auth.isOperator(visit.request) ? redirectTo(visit, target) : this.page(visit, target);
  }

  @Post(pageRoutes('login')) async login(@FromVisit() visit: Visit, @Body() body: unknown): Promise<string> {
    const { password, redirect } = formValues(body, ['password', 'redirect']);
    const target = ownPath(redirect) ?? home;
    const texts = loginTexts[visit.language];
    if (password === '') return this.page(visit, target, { status: 400, sentence: texts.missing });
    if (password.length > passwordCharsMax) return this.page(visit, target, { status: 400, sentence: texts.tooLong });
    try {
      await this.auth.login({ password, redirect: target }, visit.request, visit.response);
    } catch (error) {
      const sentence = loginProblem(error, texts);
      if (sentence === undefined || !(error instanceof HttpException)) throw error;
      if (error instanceof TryLaterException) visit.response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
      return this.page(visit, target, { status: error.getStatus(), sentence });
    }
    return redirectTo(visit, target);
  }

  @Post('logout') async logout(@FromVisit() visit: Visit): Promise<string> {
    await this.auth.logout(visit.request, visit.response);
    return redirectTo(visit, '/web/login.html', { key: 'loggedOut', subject: '' });
  }

  private page(visit: Visit, target: string, refusal?: Refusal): string {
    const texts = loginTexts[visit.language];
    const view = loginView(texts, target, refusal?.sentence);
    return this.pages.html(visit, { template: 'login', title: texts.title, view, status: refusal?.status ?? 200 });
  }
}
