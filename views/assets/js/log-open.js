// A row opens what its own page shows; without scripts, or when it cannot be fetched, the link leads there.
import { fetchPage } from './fetch-page.js';
import { tick } from './times.js';

const traceAt = async (path) => {
  const trace = (await fetchPage(path))?.getElementById('trace');
  // Several may be open.
  trace?.removeAttribute('id');
  return trace;
};

/** The open row below `row`, if there is one. */
export const openedBelow = (row) => (row.nextElementSibling?.matches('.log-open') ? row.nextElementSibling : undefined);

const close = (row, link) => {
  openedBelow(row)?.remove();
  link.setAttribute('aria-expanded', 'false');
};

const open = async (row, link) => {
  link.setAttribute('aria-expanded', 'true');
  const trace = await traceAt(link.href);
  if (!trace) { location.href = link.href; return; }
  if (link.getAttribute('aria-expanded') !== 'true' || openedBelow(row)) return;
  const below = document.createElement('tr');
  below.className = 'log-open';
  const cell = below.insertCell();
  cell.colSpan = row.cells.length;
  cell.append(trace);
  tick(below);
  row.after(below);
};

const linkOf = (row) => row?.querySelector('a[data-open]');

const toggle = (row) => {
  const link = linkOf(row);
  if (link.getAttribute('aria-expanded') === 'true') close(row, link);
  else open(row, link);
};

/** A click on the row is a click on its link, except where somebody marks text, or wants the link in another tab. */
const onClick = (event) => {
  const row = event.target.closest('tr[data-id]');
  const isModified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  if (row === null || isModified || !linkOf(row) || String(window.getSelection()) !== '') return;
  event.preventDefault();
  toggle(row);
};

const onKey = (event) => {
  if (event.key !== 'Escape') return;
  const below = event.target.closest('.log-open');
  const row = below?.previousElementSibling ?? event.target.closest('tr[data-id]');
  if (!row || !openedBelow(row)) return;
  close(row, linkOf(row));
  linkOf(row).focus();
};

/** Tells readers, before the first click, that the links open something. */
export const markLinks = (root) => {
  for (const link of root.querySelectorAll('a[data-open]:not([aria-expanded])')) link.setAttribute('aria-expanded', 'false');
};

export const openRowsIn = (list) => {
  markLinks(list);
  list.classList.add('opens');
  list.addEventListener('click', onClick);
  list.addEventListener('keydown', onKey);
};
