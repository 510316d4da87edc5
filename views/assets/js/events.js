// News of the gateway, for the page's own module: onEvents({ opened, live, log, cooldown, skipped }).
import { connectionLost, connectionStands, sessionEnded } from './connection.js';

const names = ['live', 'log', 'cooldown', 'skipped'];
const address = '/admin/events';
const retryMs = 5_000;

/** Why the gateway refuses: the browser does not tell. */
const isLoggedOut = async () => {
  const answer = await fetch(address, { method: 'HEAD' }).catch(() => undefined);
  return answer?.status === 401;
};

/**
 * Calls `handlers[name]` with the value of each event. `opened` is called each time the connection stands, also after it
 * was lost: what happened in between was missed, so a page looks again. Ends when the session has ended.
 */
export const onEvents = (handlers) => {
  const source = new EventSource(address);
  document.addEventListener('sessionended', () => source.close());
  source.addEventListener('open', () => { connectionStands(); handlers.opened?.(); });
  source.addEventListener('error', async () => {
    connectionLost();
    // A refusal closes it for good (too many listen, the session has ended); the browser retries everything else itself.
    if (source.readyState !== EventSource.CLOSED) return;
    if (await isLoggedOut()) sessionEnded();
    else setTimeout(() => onEvents(handlers), retryMs);
  });
  for (const name of names) source.addEventListener(name, (event) => handlers[name]?.(JSON.parse(event.data)));
};
