// New rows come to the top while the reader is there; while the reader scrolls, or has a row open, they wait and are counted.
import { hasSessionEnded } from './connection.js';
import { fetchPage } from './fetch-page.js';
import { markLinks, openedBelow } from './log-open.js';
import { tick } from './times.js';

/** Between two looks, however much happens. */
const pauseMs = 2_000;
/** A row is told before it is stored; by then it is. */
const storedMs = 600;
const scrolledPx = 120;
const keptAs = 'ccload.follow';
const list = document.getElementById('log-list');
const hint = document.getElementById('new-rows');

const rowsIn = (root) => [...root.querySelectorAll('tr[data-id]')];
const isBusy = () => window.scrollY > scrolledPx || list.querySelector('[aria-expanded="true"]') !== null || String(window.getSelection()) !== '';

const newRowsOf = (page) => {
  const known = new Set(rowsIn(list).map(({ dataset }) => dataset.id));
  return rowsIn(page).filter(({ dataset }) => !known.has(dataset.id));
};

/** Rows that stay are the same elements as before, so nothing flickers and the focus stays where it is. */
const bringUpToDate = (page) => {
  document.getElementById('log-count').textContent = page.getElementById('log-count').textContent;
  const body = document.getElementById('log-rows');
  const fresh = page.getElementById('log-rows');
  if (body === null || fresh === null) { list.innerHTML = page.getElementById('log-list').innerHTML; tick(list); markLinks(list); return; }
  const present = new Map(rowsIn(body).map((row) => [row.dataset.id, row]));
  const rows = rowsIn(fresh).map((row) => {
    const known = present.get(row.dataset.id);
    if (known === undefined) { row.classList.add('arrived'); tick(row); return row; }
    return known;
  });
  const wanted = rows.flatMap((row) => [row, openedBelow(row)].filter(Boolean));
  for (const row of [...body.rows]) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, index) => { if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null); });
  markLinks(body);
};

/** What waits for the reader: the page as it would be now. */
let waiting;
const wait = (page) => {
  waiting = page;
  const count = page === undefined ? 0 : newRowsOf(page).length;
  hint.parentElement.hidden = count === 0;
  const all = page === undefined ? 0 : rowsIn(page).length;
  const text = hint.dataset.text.replace('{count}', count > 0 && count === all ? `${count}+` : String(count));
  if (count > 0 && hint.textContent !== text) hint.textContent = text;
};

/** Takes the button that switches following on and off. `look` looks now, `lookSoon` when there is news. */
export const followRows = (button) => {
  let timer;
  let lookedAt = 0;
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  const show = (page) => { wait(undefined); bringUpToDate(page); };

  const look = async () => {
    if (!isOn() || document.hidden || hasSessionEnded()) return;
    lookedAt = Date.now();
    const page = await fetchPage(location.href);
    if (page === undefined || !isOn()) return;
    if (isBusy()) wait(page);
    else show(page);
  };
  const lookSoon = () => { timer ??= setTimeout(() => { timer = undefined; look(); }, Math.max(storedMs, lookedAt + pauseMs - Date.now())); };
  const set = (on) => { button.setAttribute('aria-pressed', String(on)); if (!on) wait(undefined); };

  button.hidden = false;
  set(window.localStorage.getItem(keptAs) !== 'off');
  button.addEventListener('click', () => { set(!isOn()); window.localStorage.setItem(keptAs, isOn() ? 'on' : 'off'); look(); });
  hint.addEventListener('click', () => { if (waiting !== undefined) show(waiting); window.scrollTo({ top: 0 }); document.getElementById('content').focus(); });
  window.addEventListener('scroll', () => { if (waiting !== undefined && !isBusy()) show(waiting); }, { passive: true });
  document.addEventListener('visibilitychange', look);
  return { look, lookSoon };
};
