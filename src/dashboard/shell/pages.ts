import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { AuthService } from '../../auth/auth.service.js';
import type { Config } from '../../config/config.js';
import { HealthService } from '../../health/health.service.js';
import { Assets } from './assets.js';
import { flashCookie, flashView } from './flash.js';
import type { PageName } from './navigation.js';
import { shellView } from './shell.view.js';
import { Templates } from './templates.js';
import type { Visit } from './visit.js';

/** A page, ready to be put into its frame. */
export interface Page {
  /** Its place in the menu, if it has one. */
  readonly page?: PageName;
  /** Below `views/pages`. */
  readonly template: string;
  readonly title: string;
  /** What the template calls `it.view`. */
  readonly view: object;
  /** Modules below `views/assets/js`. */
  readonly scripts?: readonly string[];
  /** Style sheets below `views/assets/css`, beside those that every page loads. */
  readonly styles?: readonly string[];
  /** 200 unless something else is said. */
  readonly status?: number;
}

/** Only what we serve ourselves, nothing written into the page. */
const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

/** Puts pages into their frame. */
@Injectable()
export class Pages {
  constructor(
    private readonly templates: Templates,
    private readonly assets: Assets,
    private readonly settings: ConfigService<Config, true>,
    private readonly auth: AuthService,
    private readonly health: HealthService,
  ) {}

  /** The HTML of the page; status and headers are set on the visit's response. A flash is shown once. */
  html(visit: Visit, page: Page): string {
    const { request, response } = visit;
    const flash = flashView(request.headers.cookie, visit.language);
    if (flash !== undefined) response.clearCookie(flashCookie, { path: '/web', httpOnly: true, sameSite: 'lax' });
    response.status(page.status ?? 200).set(pageHeaders);
    const shell = shellView({
      language: visit.language,
      theme: visit.theme,
      page: page.page,
      title: page.title,
      path: request.method === 'GET' ? request.originalUrl : request.path,
      assetRoot: this.assets.root,
      scripts: page.scripts ?? [],
      styles: page.styles ?? [],
      isOperator: this.auth.isOperator(request),
      flash,
      isPasswordSet: this.settings.get('isPasswordSet', { infer: true }),
      isProxyOpen: this.settings.get('tokens', { infer: true }).length === 0 && !this.settings.get('isLoopbackOnly', { infer: true }),
      storageProblem: this.health.report().storage.problem ?? undefined,
    });
    return this.templates.render(`pages/${page.template}`, { shell, view: page.view });
  }
}
