// News of the gateway, for the page's own module: onEvents({ live, log, cooldown, skipped }).
const names = ['live', 'log', 'cooldown', 'skipped'];
/** A blink of the network is not worth a notice. */
const quietMs = 2_000;
const retryMs = 10_000;
const notice = document.getElementById('connection');
let lostTimer;

const say = (isLost) => {
  clearTimeout(lostTimer);
  if (!isLost) { notice.hidden = true; notice.textContent = ''; return; }
  lostTimer = setTimeout(() => { notice.hidden = false; notice.textContent = notice.dataset.lost; }, quietMs);
};

/**
 * Calls `handlers[name]` with the value of each event. `opened` is called each time the connection stands, also after it
 * was lost: what happened in between was missed, so a page looks again.
 */
export const onEvents = (handlers) => {
  const source = new EventSource('/admin/events');
  let isLost = false;
  source.addEventListener('open', () => { isLost = false; say(false); handlers.opened?.(); });
  source.addEventListener('error', () => {
    if (!isLost) say(true);
    isLost = true;
    // A refusal closes it for good (too many listen, the session has ended); the browser retries everything else itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => onEvents(handlers), retryMs);
  });
  for (const name of names) source.addEventListener(name, (event) => handlers[name]?.(JSON.parse(event.data)));
};
