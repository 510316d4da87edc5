// Shows the address that this browser really uses, copies texts, and shows the first request as it arrives.
import { onEvents } from './events.js';
import { refreshSoon } from './refresh.js';

const saidMs = 2_000;
/** A channel that is added in another window is no event. */
const lookEveryMs = 5_000;
const address = document.querySelector('dd [data-own-address]');
const serversAddress = address.textContent;

const showOwnAddress = () => {
  for (const place of document.querySelectorAll('[data-own-address]')) {
    const text = place.textContent.replaceAll(serversAddress, location.origin);
    if (text !== place.textContent) place.textContent = text;
  }
};

/** Browsers give the clipboard to secure pages only; the older way works on a plain address in a local network, too. */
const copy = async (place) => {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(place.textContent);
  getSelection().selectAllChildren(place);
  document.execCommand('copy');
};

for (const button of document.querySelectorAll('[data-copies]')) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await copy(document.getElementById(button.dataset.copies));
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, saidMs);
  });
}

showOwnAddress();
document.addEventListener('refreshed', showOwnAddress);
onEvents({ opened: refreshSoon, log: refreshSoon, skipped: refreshSoon });
const looking = setInterval(() => {
  if (document.querySelector('.step-mark:not([data-state="done"])') === null) clearInterval(looking);
  else if (!document.hidden) refreshSoon();
}, lookEveryMs);
