// What the page says of its connection to the gateway: nothing while it stands, that it is lost, or that the session ended.
/** A blink of the network is not worth a notice. */
const quietMs = 2_000;
const place = document.getElementById('connection');
let timer;
let state = 'well';

const show = (text, link) => {
  document.documentElement.dataset.connection = state;
  if (text === undefined) return place.replaceChildren();
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.dataset.tone = 'warn';
  const sentence = document.createElement('p');
  sentence.textContent = text;
  notice.append(sentence, ...(link === undefined ? [] : [link]));
  place.replaceChildren(notice);
};

export const connectionStands = () => {
  clearTimeout(timer);
  if (state === 'well') return;
  state = 'well';
  show(undefined);
};

export const connectionLost = () => {
  if (state !== 'well') return;
  state = 'lost';
  timer = setTimeout(() => show(place.dataset.lost), quietMs);
};

/** Asking again would be in vain: the reader has to log in, and comes back here. */
export const sessionEnded = () => {
  clearTimeout(timer);
  if (state === 'ended') return;
  state = 'ended';
  const link = document.createElement('a');
  link.href = `/web/login.html?redirect=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = place.dataset.logIn;
  document.dispatchEvent(new CustomEvent('sessionended'));
  show(place.dataset.ended, link);
};

export const hasSessionEnded = () => state === 'ended';
