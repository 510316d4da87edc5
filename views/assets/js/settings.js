// Closes the settings by Escape and by a click beside them; opening and closing by their own button needs no script.
const settings = document.querySelector('.settings');

document.addEventListener('click', ({ target }) => { if (!settings.contains(target)) settings.open = false; });
settings.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !settings.open) return;
  settings.open = false;
  settings.querySelector('summary').focus();
});
