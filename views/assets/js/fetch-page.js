// A page of ours as it is now, to take parts of it.
import { sessionEnded } from './connection.js';

const answerMsMax = 20_000;

/** `undefined` when it cannot be had; when that is because the session has ended, the reader is told. */
export const fetchPage = async (address) => {
  const answer = await fetch(address, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(answerMsMax) }).catch(() => undefined);
  if (answer?.redirected && new URL(answer.url).pathname.startsWith('/web/login')) sessionEnded();
  if (!answer?.ok || answer.redirected) return undefined;
  const text = await answer.text().catch(() => undefined);
  return text === undefined ? undefined : new DOMParser().parseFromString(text, 'text/html');
};
