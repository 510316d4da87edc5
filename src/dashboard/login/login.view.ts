import { HttpException } from '@nestjs/common';
import { minuteMs } from '../../domain/time.js';
import { TryLaterException } from '../../http/problem-filter.js';
import type { FieldView } from '../shell/field-view.js';
import type { Spoken } from '../text/language.js';
import { loginEn, type LoginTexts } from './login.en.js';
import { loginZh } from './login.zh.js';

export const loginTexts: Spoken<LoginTexts> = { en: loginEn, zh: loginZh };
export const passwordCharsMax = 1_024;

export interface LoginView {
  readonly heading: string;
  readonly field: FieldView;
  readonly redirect: string;
  readonly submit: string;
}

/** The sentence for a login that failed; `undefined` when it is not about the login at all. */
export const loginProblem = (error: unknown, texts: LoginTexts): string | undefined => {
  if (error instanceof TryLaterException) return texts.wait(Math.ceil(error.retryAfterMs / minuteMs));
  return error instanceof HttpException && error.getStatus() === 401 ? texts.wrong : undefined;
};

/** A password is never sent back. */
export const loginView = (texts: LoginTexts, redirect: string, error?: string): LoginView => ({
  heading: texts.title,
  field: {
    name: 'password',
    label: texts.password,
    type: 'password',
    value: '',
    hint: texts.hint,
    isRequired: true,
    autocomplete: 'current-password',
    ...(error === undefined ? {} : { error }),
  },
  redirect,
  submit: texts.submit,
});
