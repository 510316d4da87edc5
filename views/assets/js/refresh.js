// Fetches this page again and exchanges the parts with an id and data-refresh that changed: the server alone formats.
import { tick } from './times.js';

/** At most one look in this time, however much happens. */
const pauseMs = 3_000;
let timer;
let lookedAt = 0;

const look = async () => {
  lookedAt = Date.now();
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-refresh][id]')) {
    const now = fresh.getElementById(part.id);
    // What the reader is in the middle of stays as it is.
    if (now === null || part.contains(document.activeElement)) continue;
    tick(now);
    if (now.innerHTML !== part.innerHTML) part.innerHTML = now.innerHTML;
  }
  document.dispatchEvent(new CustomEvent('refreshed'));
};

/** Asks for a look soon. */
export const refreshSoon = () => {
  if (timer !== undefined) return;
  timer = setTimeout(() => { timer = undefined; look(); }, Math.max(0, lookedAt + pauseMs - Date.now()));
};
