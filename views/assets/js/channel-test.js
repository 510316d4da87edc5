// The test on a page of its own: says that it waits, and leads to the verdict.
const form = document.querySelector('form[data-sending]');

form.addEventListener('submit', ({ submitter }) => {
  const note = document.createElement('p');
  note.className = 'quiet';
  note.setAttribute('role', 'status');
  form.append(note);
  note.textContent = form.dataset.sending;
  // After the browser has read the form.
  setTimeout(() => { submitter.disabled = true; });
});
document.getElementById('verdict')?.focus();
