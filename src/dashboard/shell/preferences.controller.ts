import { Body, Post } from '@nestjs/common';
import { ownPath } from '../../http/own-path.js';
import { isLanguage } from '../text/language.js';
import { formValues } from './parse-form.js';
import { PageController } from './page-controller.js';
import { isTheme, languageCookie, themeCookie } from './preferences.js';
import { FromVisit, redirectTo, type Visit } from './visit.js';

const keptMs = 365 * 24 * 60 * 60 * 1_000;

/** Language and theme, chosen by a form of its own on every page. */
@PageController()
export class PreferencesController {
  @Post('preferences') choose(@FromVisit() visit: Visit, @Body() body: unknown): string {
    const { language, theme, back } = formValues(body, ['language', 'theme', 'back']);
    const options = { maxAge: keptMs, httpOnly: true, sameSite: 'lax', secure: visit.request.secure, path: '/web' } as const;
    if (isLanguage(language)) visit.response.cookie(languageCookie, language, options);
    if (isTheme(theme)) visit.response.cookie(themeCookie, theme, options);
    return redirectTo(visit, ownPath(back) ?? '/web/');
  }
}
