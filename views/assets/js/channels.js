// The list of channels: filters while typing, changes a row without loading the page again, follows what cools.
import { onEvents } from './events.js';
import { refreshSoon } from './refresh.js';
import { tick } from './times.js';
import './sheet.js';

const list = document.getElementById('channel-list');
const news = document.getElementById('news');
const filters = document.getElementById('filters');
/** Traffic is a picture of a day: it needs no look at every request. */
const trafficPauseMs = 30_000;
const typingPauseMs = 200;

const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html');
const idsOf = (root) => [...root.querySelectorAll('tr[id]')].map(({ id }) => id).join();

/** What the fresh page has to say: a problem of its own, or what the redirect announces. */
const say = (fresh) => {
  const said = fresh.querySelector('#news > .notice, main > .notice[data-tone="good"]');
  for (const old of document.querySelectorAll('main > .notice[data-tone="good"]')) old.remove();
  news.replaceChildren(...(said === null ? [] : [said]));
};

/** Exchanges the part; what had the focus in it has it again. */
const exchange = (part, fresh) => {
  const focused = document.activeElement;
  const name = part.contains(focused) ? focused.getAttribute('aria-label') : null;
  tick(fresh);
  part.innerHTML = fresh.innerHTML;
  if (name !== null) (part.querySelector(`[aria-label="${CSS.escape(name)}"]`) ?? part.querySelector('button'))?.focus();
};

/** Brings the list up to date after a change in `own`. Where the reader types something else meanwhile, nothing moves. */
const update = (fresh, own) => {
  const freshList = fresh.getElementById('channel-list');
  if (idsOf(freshList) !== idsOf(list)) return exchange(list, freshList);
  for (const part of list.querySelectorAll('[data-refresh]')) {
    const now = fresh.getElementById(part.id);
    if (part !== own && part.contains(document.activeElement)) continue;
    tick(now);
    if (part === own || now.innerHTML !== part.innerHTML) exchange(part, now);
  }
};

const send = async (form, submitter) => {
  const own = (submitter ?? form).closest('[data-refresh]');
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } }).catch(() => undefined);
  const fresh = answer === undefined ? undefined : await pageOf(answer);
  // Logged out or no connection: the browser tells it better.
  if (!fresh?.getElementById('channel-list')) return location.reload();
  say(fresh);
  update(fresh, own);
};

list.addEventListener('submit', (event) => {
  // A copy leads to a page of its own.
  if (event.submitter?.name === 'copy') return;
  event.preventDefault();
  send(event.target, event.submitter);
});
list.addEventListener('change', (event) => {
  if (event.target.matches('.priority')) event.target.form.requestSubmit();
});

let asked = 0;
const filter = async () => {
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ''));
  const path = query.size === 0 ? filters.action : `${filters.action}?${query}`;
  const answer = await fetch(path, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const fresh = await pageOf(answer);
  // Somebody who types fast is shown the last answer, not the slowest.
  if (mine !== asked) return;
  history.replaceState(null, '', path);
  exchange(list, fresh.getElementById('channel-list'));
  document.querySelector('.page-header').innerHTML = fresh.querySelector('.page-header').innerHTML;
};

let typing;
filters?.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(filter, typingPauseMs); });
filters?.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(typing); filter(); });

/** A cooldown that ends by itself is no event. */
const lookAtEnded = () => {
  for (const time of list.querySelectorAll('.cooling time:not([data-ended])')) {
    if (Date.parse(time.dateTime) > Date.now()) continue;
    time.dataset.ended = '';
    refreshSoon();
  }
};
setInterval(lookAtEnded, 1_000);

let traffic;
const trafficSoon = () => { traffic ??= setTimeout(() => { traffic = undefined; refreshSoon(); }, trafficPauseMs); };
onEvents({ opened: refreshSoon, cooldown: refreshSoon, log: trafficSoon, skipped: refreshSoon });
