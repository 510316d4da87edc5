import { showChart } from './chart.js';
import { refreshSoon } from './refresh.js';

const everyMs = 15_000;

for (const figure of document.querySelectorAll('[data-chart]')) showChart(figure);
setInterval(() => { if (!document.hidden) refreshSoon(); }, everyMs);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refreshSoon(); });
