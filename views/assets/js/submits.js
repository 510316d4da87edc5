// A form is sent once: what comes while its answer is on the way is a second click, not a second wish.
/** Longer than any answer takes; a reader who stopped the page from loading can send it again after that. */
const underWayMsMax = 45_000;
const underWay = new Map();

const free = (form) => {
  clearTimeout(underWay.get(form));
  underWay.delete(form);
  form.removeAttribute('aria-busy');
};
const freeAll = () => { for (const form of underWay.keys()) free(form); };

const isSent = ({ target, submitter }) =>
  (submitter?.getAttribute('formmethod') ?? target.getAttribute('method') ?? 'get').toLowerCase() === 'post';

// At the window, after everything that sends a form in its own way.
window.addEventListener('submit', (event) => {
  if (event.defaultPrevented || !isSent(event)) return;
  const form = event.target;
  if (underWay.has(form)) return event.preventDefault();
  form.setAttribute('aria-busy', 'true');
  underWay.set(form, setTimeout(() => free(form), underWayMsMax));
});

// Back shows the page as it was left, and what is stopped is never answered.
window.addEventListener('pageshow', freeAll);
window.navigation?.addEventListener('navigateerror', freeAll);
