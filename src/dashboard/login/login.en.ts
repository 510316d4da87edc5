import { plural } from '../text/plural.js';

export const loginEn = {
  title: 'Log in',
  password: 'Password',
  hint: 'The value of CCLOAD_PASS.',
  submit: 'Log in',
  missing: 'Enter the password.',
  tooLong: 'This is longer than a password may be.',
  wrong: 'The password is wrong.',
  wait: (minutes: number) => `Too many failed logins. Try again in ${minutes} ${plural(minutes, 'minute', 'minutes')}.`,
};

export type LoginTexts = typeof loginEn;
