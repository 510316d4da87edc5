// The form of a channel: request URLs while the base URL is typed, how many models, the key on request.
const form = document.getElementById('channel-form');
const typingPauseMs = 150;
const keyShownMs = 30_000;

const urls = document.getElementById('request-urls');
let asked = 0;
const showUrls = async () => {
  asked += 1;
  const mine = asked;
  const body = new URLSearchParams({ url: form.elements.url.value });
  const answer = await fetch('/web/channels/request-urls', { method: 'POST', body, headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer?.ok || mine !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('request-urls');
  if (fresh !== null && mine === asked && urls.innerHTML.trim() !== fresh.innerHTML.trim()) urls.innerHTML = fresh.innerHTML;
};
let typing;
form.elements.url.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(showUrls, typingPauseMs); });

const count = document.getElementById('model-count');
const whole = new Intl.NumberFormat(document.documentElement.lang);
form.elements.models.addEventListener('input', ({ target }) => {
  const names = new Set(target.value.split(/[\r\n,;\t]+/).map((part) => part.replace(/^[\s["'`•*-]+|[\s\]"'`]+$/g, '')).filter((name) => name !== ''));
  const text = (names.size === 1 ? count.dataset.one : count.dataset.many).replace('#', whole.format(names.size));
  if (count.textContent !== text) count.textContent = text;
});

const key = document.getElementById('key');
if (key !== null) {
  const button = key.querySelector('button');
  const output = key.querySelector('output');
  let hiding;
  const hide = () => {
    clearTimeout(hiding);
    output.hidden = true;
    output.textContent = '';
    button.textContent = key.dataset.show;
  };
  const show = async () => {
    const answer = await fetch(key.dataset.path, { headers: { accept: 'application/json' } }).catch(() => undefined);
    const value = answer?.ok ? (await answer.json()).data.api_key : key.dataset.failed;
    output.textContent = value;
    output.hidden = false;
    button.textContent = key.dataset.hide;
    hiding = setTimeout(hide, keyShownMs);
  };
  key.hidden = false;
  button.addEventListener('click', () => { if (output.hidden) show(); else hide(); });
}
