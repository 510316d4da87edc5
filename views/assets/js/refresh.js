// Fetches this page again and changes what is different in the parts with an id and data-refresh: the server alone formats.
import { hasSessionEnded } from './connection.js';
import { fetchPage } from './fetch-page.js';
import { morphChildren } from './morph.js';
import { nothingPressed } from './pointer.js';
import { tick } from './times.js';

/** At most one look in this time, however much happens. */
const pauseMs = 3_000;
/** Log rows reach the table in batches: so long after the news they are there. */
const settleMs = 1_200;
let timer;
let lookedAt = 0;
let newsAt = 0;

const look = async () => {
  lookedAt = Date.now();
  const fresh = await fetchPage(location.href);
  await nothingPressed();
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
