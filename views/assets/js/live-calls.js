// The list of requests under way: the server makes the first one, each event brings it up to date row by row.
import { refreshSoon } from './refresh.js';
import { tick } from './times.js';

const rowsMax = 20;
const locale = document.documentElement.lang;
const whole = new Intl.NumberFormat(locale);
const unit = (name, digits) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
const sizes = [[1_000, 1, unit('byte', 0)], [1_000_000, 1_000, unit('kilobyte', 1)], [Infinity, 1_000_000, unit('megabyte', 1)]];

const panel = document.getElementById('live');
const list = panel.querySelector('.entries');
const blank = document.getElementById('live-call').content.firstElementChild;

const sizeOf = (bytes) => {
  const [, divisor, format] = sizes.find(([bound]) => bytes < bound);
  return format.format(bytes / divisor).replace(/ byte$/, ' B');
};

/** The events tell ids; who is unknown was added since, and the page learns the name by looking again. */
const channelOf = (id) => {
  if (id === null) return panel.dataset.choosing;
  const name = JSON.parse(document.querySelector('#channel-names [data-names]').dataset.names)[id];
  if (name === undefined) refreshSoon();
  return name ?? String(id);
};

const textsOf = (call) => ({
  model: call.model || panel.dataset.reading,
  channel: channelOf(call.channel_id),
  attempt: call.attempt > 1 ? panel.dataset.attempt.replace('{n}', whole.format(call.attempt)) : '',
  progress: call.committed_at === null ? panel.dataset.waiting : sizeOf(call.bytes),
});

const fill = (row, call) => {
  for (const [slot, text] of Object.entries(textsOf(call))) {
    const place = row.querySelector(`[data-slot="${slot}"]`);
    if (place.textContent !== text) place.textContent = text;
  }
};

const newRow = (call) => {
  const row = document.importNode(blank, true);
  row.dataset.key = call.request_id;
  row.querySelector('time').dateTime = new Date(call.received_at).toISOString();
  return row;
};

/** Shows what is under way. A row stays where it is until its request ends. */
export const showLive = ({ total, calls }) => {
  const shown = calls.slice(0, rowsMax);
  const ids = new Set(shown.map((call) => call.request_id));
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
  for (const [id, row] of rows) if (!ids.has(id)) row.remove();
  for (const call of shown) {
    const row = rows.get(call.request_id) ?? list.appendChild(newRow(call));
    fill(row, call);
  }
  tick(list);
  panel.querySelector('.feed-none').hidden = total > 0;
  panel.querySelector('.feed-more').textContent = total > shown.length ? panel.dataset.more.replace('{n}', whole.format(total - shown.length)) : '';
  document.querySelector('#tile-live .tile-value').textContent = whole.format(total);
};
