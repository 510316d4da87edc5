// A notice that was read can be taken away; without scripts it is gone with the next page.
for (const button of document.querySelectorAll('[data-dismisses]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    button.closest('.notice').remove();
    document.getElementById('content').focus();
  });
}
