import { awkwardText, newCanary, type Canary } from '../support/canaries.js';

/** Every secret of one run, each to be recognised wherever it turns up. */
export const plantCanaries = () => ({
  /** Sent to upstreams, and repeated by them wherever they can. */
  key: newCanary('channel key'),
  /** Keys that the administration was given: replaced, deleted, imported, in a row or a body that was refused. */
  replacedKey: newCanary('replaced key'),
  deletedKey: newCanary('key of a deleted channel'),
  importedKey: newCanary('imported key'),
  refusedKey: newCanary('key in a refused request'),
  secretKey: newCanary('CCLOAD_SECRET_KEY'),
  token: newCanary('client token'),
  wrongToken: newCanary('wrong client token'),
  metricsToken: newCanary('metrics token'),
  collectorToken: newCanary('token of the collector'),
  password: newCanary('password'),
  wrongPassword: newCanary('wrong password'),
  forgedCookie: newCanary('forged cookie'),
  prompt: newCanary('prompt'),
  answer: newCanary('answer'),
  session: newCanary('session of a client'),
  query: newCanary('query'),
  header: newCanary('header of a client'),
});

export type Planted = ReturnType<typeof plantCanaries>;

/** As operators choose them: with what needs escaping in a URL, in a form and in JSON. */
export const passwordText = ({ password }: Planted): string => `${password.core} & "more"`;

/** A key as it is stored and sent: no prefix that would give it away, and in its middle what has to be escaped. */
export const keyText = (canary: Canary): string => `relay-${awkwardText(canary)}-end`;
