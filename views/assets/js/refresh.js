// Fetches this page again and changes what is different in the parts with an id and data-refresh: the server alone formats.
import { hasSessionEnded, sessionEnded } from './connection.js';
import { morphChildren } from './morph.js';
import { tick } from './times.js';

/** At most one look in this time, however much happens. */
const pauseMs = 3_000;
/** Log rows reach the table in batches: so long after the news they are there. */
const settleMs = 1_200;
const answerMsMax = 20_000;
let timer;
let lookedAt = 0;
let newsAt = 0;

const pageNow = async () => {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(answerMsMax) }).catch(() => undefined);
  if (answer?.redirected && new URL(answer.url).pathname.startsWith('/web/login')) sessionEnded();
  if (!answer?.ok || answer.redirected) return undefined;
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
};

const look = async () => {
  lookedAt = Date.now();
  const fresh = await pageNow();
  for (const part of fresh === undefined ? [] : document.querySelectorAll('[data-refresh][id]')) {
    const now = fresh.getElementById(part.id);
    if (now === null) continue;
    tick(now);
    morphChildren(part, now);
  }
  if (fresh !== undefined) document.dispatchEvent(new CustomEvent('refreshed'));
};

const lookLater = () => {
  if (timer !== undefined || hasSessionEnded()) return;
  timer = setTimeout(async () => {
    await look();
    timer = undefined;
    // What came shortly before the look may not have been in it.
    if (newsAt > lookedAt - settleMs) lookLater();
  }, Math.max(settleMs, lookedAt + pauseMs - Date.now()));
};

/** Asks for a look soon. */
export const refreshSoon = () => {
  newsAt = Date.now();
  lookLater();
};
