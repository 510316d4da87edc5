import { documented } from '../http/api-docs.js';
import { objectSchema, oneOfSchema } from '../http/api-schema.js';
import type { LoginAnswer } from './auth.dto.js';

const tag = 'Session';
const done = objectSchema<LoginAnswer>('Done', { status: oneOfSchema(['success']) });
const ended = { 200: { description: 'There is no session any more', schema: done, headers: { 'Set-Cookie': 'Takes the cookie back' } } };

/** What the description says of login and logout. */
export const authDocs = {
  login: documented({
    tag,
    summary: 'Log in',
    description: 'Takes JSON or what a form posts. After 5 failures within 15 minutes an address has to wait.',
    access: 'anyone',
    changes: true,
    readsBody: true,
    answers: { 200: { description: 'The password was right', schema: done, headers: { 'Set-Cookie': '`ccload_session`, good for 24 hours' } } },
    refusals: { 401: 'The password is wrong', 429: 'Too many failures; the right password has to wait too' },
  }),
  logout: documented({
    tag,
    summary: 'Log out',
    description: 'Ends the session on the server, not only in the browser. Does nothing without one.',
    access: 'anyone',
    changes: true,
    answers: ended,
  }),
  logoutByLink: documented({ tag, summary: 'Log out by a link', access: 'anyone', changes: true, answers: ended }),
};
