// The test on a page of its own: says that it waits, and leads to the verdict.
const form = document.querySelector('form[data-sending]');

form.addEventListener('submit', () => {
  form.querySelector('[role="status"]')?.remove();
  const note = document.createElement('p');
  note.className = 'quiet';
  note.setAttribute('role', 'status');
  form.append(note);
  note.textContent = form.dataset.sending;
});
// Back shows the page as it was left, and nothing is waited for any more.
window.addEventListener('pageshow', () => form.querySelector('[role="status"]')?.remove());
document.getElementById('verdict')?.focus();
