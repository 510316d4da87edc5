// Changes the theme without loading the page again; the form it takes over still keeps the choice on the server.
const root = document.documentElement;

const choose = async (event) => {
  const { submitter, target: form } = event;
  if (submitter === null) return;
  event.preventDefault();
  root.dataset.theme = submitter.value;
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button === submitter));
  document.dispatchEvent(new CustomEvent('themechange'));
  const body = new URLSearchParams(new FormData(form, submitter));
  // The answer leads to a page that nobody wants to see again; only its cookie counts.
  await fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => undefined);
};

document.querySelector('[data-choice="theme"]')?.addEventListener('submit', choose);
