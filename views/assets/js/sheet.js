// Shows parts of other pages in the page's <dialog id="sheet">: a link with data-in-dialog opens its page's [data-sheet],
// a form with data-in-dialog shows the answer there. Without scripts both lead to the page itself.
import { tick } from './times.js';

const sheet = document.getElementById('sheet');

/** The part of the page that belongs into a dialog; `undefined` when what came is another page. */
const partOf = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-sheet]') ?? undefined;

const show = (part) => {
  part.classList.remove('panel');
  tick(part);
  sheet.replaceChildren(part);
  if (!sheet.open) sheet.showModal();
  (sheet.querySelector('[aria-invalid="true"]') ?? sheet.querySelector('#verdict') ?? sheet.querySelector('input:not([type=hidden]), .button'))?.focus();
};

const open = async (link) => {
  const answer = await fetch(link.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  const part = answer?.ok && !answer.redirected ? await partOf(answer) : undefined;
  // Logged out, deleted, or no connection: the browser tells it better.
  if (part === undefined) location.assign(link.href);
  else show(part);
};

const send = async (form, submitter) => {
  const body = new URLSearchParams(new FormData(form));
  submitter.disabled = true;
  const note = document.createElement('p');
  note.className = 'quiet';
  note.setAttribute('role', 'status');
  form.append(note);
  note.textContent = form.dataset.sending;
  const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } }).catch(() => undefined);
  const part = answer === undefined ? undefined : await partOf(answer);
  if (!sheet.open) return;
  note.remove();
  submitter.disabled = false;
  if (part === undefined) location.assign(form.action);
  else show(part);
};

sheet.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-in-dialog]')) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
sheet.addEventListener('click', (event) => {
  if (event.target !== sheet && event.target.closest('[data-closes]') === null) return;
  event.preventDefault();
  sheet.close();
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-in-dialog]');
  if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});
