// The list of channels: filters while typing, changes a row without loading the page again, follows what cools.
import { connectionLost, connectionStands } from './connection.js';
import { onEvents } from './events.js';
import { morphChildren } from './morph.js';
import { nothingPressed } from './pointer.js';
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

/** What the fresh page has to say: a problem of its own, or what the redirect announces. */
const say = (fresh) => {
  const said = fresh.querySelector('#news > .notice, main > .notice[data-tone="good"]');
  for (const old of document.querySelectorAll('main > .notice[data-tone="good"]')) old.remove();
  said?.querySelector('.notice-dismiss')?.remove();
  news.replaceChildren(...(said === null ? [] : [said]));
};

/** Makes the list like the fresh one. What had the focus keeps it; if it is gone, its row's switch has it. */
const update = (fresh) => {
  const focused = document.activeElement;
  const rowId = focused.closest('#channel-list tr')?.id;
  const now = fresh.getElementById('channel-list');
  tick(now);
  morphChildren(list, now);
  if (rowId === undefined || document.activeElement === focused) return;
  if (focused.isConnected) focused.focus();
  else document.getElementById(rowId)?.querySelector('.switch').focus();
};

/** A field that was typed into shows its own text until it is told otherwise. */
const showStored = (field, fresh) => {
  const stored = fresh.getElementById(field.id);
  if (stored === null) return;
  field.value = stored.value;
  if (!stored.hasAttribute('aria-invalid')) field.defaultValue = stored.value;
  field.dataset.version = stored.dataset.version;
  if (stored.hasAttribute('aria-invalid')) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
};

const change = async (path, body, field) => {
  // Enter tells of a change and submits, so it comes twice; the second one finds nothing to change.
  if (field !== null && body.get('priority') === field.defaultValue) return;
  const answer = await fetch(path, { method: 'POST', body, headers: { accept: 'text/html' } }).catch(() => undefined);
  // The list stays as it was, which is what is stored.
  if (answer === undefined) return connectionLost();
  connectionStands();
  const fresh = await pageOf(answer);
  await nothingPressed();
  // Logged out: the browser leads to the login.
  if (!fresh?.getElementById('channel-list')) return location.reload();
  say(fresh);
  if (field !== null) showStored(field, fresh);
  update(fresh);
};

let turn = Promise.resolve();
/** One change after the other, so that the list and what is said of it are those after the last. */
const send = (form, submitter) => {
  const body = new URLSearchParams(new FormData(form, submitter));
  const field = form.querySelector('.priority');
  // The version that was shown when the reader began to type, not what the list has heard of since.
  if (field !== null) body.set('updated_at', field.dataset.version);
  turn = turn.then(() => change(form.action, body, field));
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
  update(fresh);
  document.querySelector('.page-header').innerHTML = fresh.querySelector('.page-header').innerHTML;
};

let typing;
filters?.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(filter, typingPauseMs); });
filters?.addEventListener('submit', (event) => { event.preventDefault(); clearTimeout(typing); filter(); });

document.addEventListener('refreshed', () => {
  for (const field of list.querySelectorAll('.priority')) if (field !== document.activeElement) field.value = field.getAttribute('value');
});

let traffic;
const trafficSoon = () => { traffic ??= setTimeout(() => { traffic = undefined; refreshSoon(); }, trafficPauseMs); };
// A cooldown that ends by itself is no event.
document.addEventListener('clockended', refreshSoon);
onEvents({ opened: refreshSoon, cooldown: refreshSoon, log: trafficSoon, skipped: refreshSoon });
