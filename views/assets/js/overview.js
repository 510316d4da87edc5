import { showChart } from './chart.js';
import { onEvents } from './events.js';
import { refreshSoon } from './refresh.js';

const whole = new Intl.NumberFormat(document.documentElement.lang);

for (const figure of document.querySelectorAll('[data-chart]')) showChart(figure);
onEvents({
  opened: refreshSoon,
  live: ({ total }) => { document.querySelector('#tile-live .tile-value').textContent = whole.format(total); },
  log: refreshSoon,
  cooldown: refreshSoon,
  skipped: refreshSoon,
});
