import { showChart } from './chart.js';
import { onEvents } from './events.js';
import { showLive } from './live-calls.js';
import { refreshSoon } from './refresh.js';

/** The last 24 hours move on also when nothing happens. */
const lookEveryMs = 60_000;

for (const figure of document.querySelectorAll('[data-chart]')) showChart(figure);
onEvents({ opened: refreshSoon, live: showLive, log: refreshSoon, cooldown: refreshSoon, skipped: refreshSoon });
// A cooldown that ends by itself is no news to the gateway, but to the reader.
document.addEventListener('clockended', refreshSoon);
setInterval(() => { if (!document.hidden) refreshSoon(); }, lookEveryMs);
