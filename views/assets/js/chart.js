// Draws what a chart's table says (views/partials/chart.eta): one line per column, in the colours of the theme.
import UPlot from '../vendor/uplot.js';

const heightPx = 220;
const locale = document.documentElement.lang;
const figures = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat(locale);
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric' });

const colour = (name) => {
  // A variable with light-dark() in it is only resolved where it is used.
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** Not the legend, which uPlot makes a table too. */
const tableOf = (figure) => figure.querySelector('details table');

const columnsOf = (table) => {
  const rows = [...table.tBodies[0].rows];
  const times = rows.map((row) => Date.parse(row.querySelector('time').dateTime) / 1_000);
  const count = rows[0]?.querySelectorAll('td').length ?? 0;
  const valueOf = (cell) => (cell.dataset.value === '' ? null : Number(cell.dataset.value));
  return [times, ...Array.from({ length: count }, (_, index) => rows.map((row) => valueOf(row.querySelectorAll('td')[index])))];
};

const axis = (extra) => ({ stroke: colour('text-quiet'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, ...extra });

const timeLabels = (_plot, splits) =>
  splits.map((at) => ((splits.at(-1) - splits[0]) > 2 * 86_400 ? day : hour).format(at * 1_000));

const seriesOf = (table) =>
  [...table.tHead.querySelectorAll('th')].slice(1).map((heading) => ({
    label: heading.textContent,
    stroke: colour(heading.dataset.tone),
    width: 1.5,
    points: { show: false },
    value: (_plot, value) => (value === null ? '–' : whole.format(value)),
  }));

const draw = (figure) => {
  const table = tableOf(figure);
  const place = figure.querySelector('.chart-plot');
  const columns = columnsOf(table);
  if (columns[0].length === 0) return undefined;
  place.replaceChildren();
  const timeSeries = { label: table.tHead.rows[0].cells[0].textContent, value: (_plot, at) => (at === null ? '–' : moment.format(at * 1_000)) };
  figure.querySelector('.chart-hint').hidden = false;
  return new UPlot(
    {
      // Room for half a label at the right.
      padding: [8, 20, 0, 0],
      width: place.clientWidth,
      height: heightPx,
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
      series: [timeSeries, ...seriesOf(table)],
      axes: [axis({ values: timeLabels, space: 64 }), axis({ size: 44, values: (_plot, splits) => splits.map((value) => figures.format(value)) })],
    },
    columns,
    place,
  );
};

/** Draws the chart and keeps it up to date with its table, its width and the theme. */
export const showChart = (figure) => {
  let plot = draw(figure);
  const again = () => { plot?.destroy(); plot = draw(figure); };
  document.addEventListener('themechange', again);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  // New values keep the reader's zoom.
  document.addEventListener('refreshed', () => plot?.setData(columnsOf(tableOf(figure)), false));
  new ResizeObserver(([{ contentRect }]) => plot?.setSize({ width: contentRect.width, height: heightPx })).observe(figure.querySelector('.chart-plot'));
};
