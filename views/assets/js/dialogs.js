// A button with data-opens="id" opens that dialog instead of submitting; without scripts it submits, and a page asks.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-opens]');
  const dialog = button && document.getElementById(button.dataset.opens);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
});
