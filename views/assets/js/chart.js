// Draws what a chart's table says, in the colours of the theme, and keeps zoom and hidden lines while it is drawn again.
import UPlot from '../vendor/uplot.js';
import { axesFor, colour, valueRange } from './chart-axes.js';
import { steerByKeys } from './chart-keys.js';
import { fillLegend } from './chart-legend.js';
import { columnsOf, linesOf, tableOf } from './chart-table.js';
import { tooltip } from './chart-tooltip.js';

const heightPx = 200;

/** Points with a gap on either side, which no line leads to. */
const lonePoints = (plot, index) => {
  const values = plot.data[index];
  return values.flatMap((value, at) => (value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? [at] : []));
};

const seriesOf = (lines, hidden) =>
  lines.map(({ label, tone }) => {
    const stroke = colour(tone);
    return { label, stroke, width: 1.5, show: !hidden.has(label), points: { show: false, filter: lonePoints, size: 5, fill: stroke } };
  });

const optionsFor = (figure, { hidden, zoomed }) => {
  const table = tableOf(figure);
  const { unit } = table.dataset;
  const lines = linesOf(table);
  return {
    // Room for half a label at the right.
    padding: [8, 20, 0, 0],
    width: figure.querySelector('.chart-plot').clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, dist: 5 }, points: { size: 6 } },
    scales: { y: { range: valueRange(unit) } },
    series: [{}, ...seriesOf(lines, hidden)],
    axes: axesFor(unit),
    plugins: [tooltip(() => tableOf(figure), lines)],
    hooks: { setScale: [(plot, scale) => { if (scale === 'x') zoomed(plot); }] },
  };
};

/** What is seen of a figure: its plot, whether a part of it is shown larger, and the lines that are hidden. */
class ShownChart {
  #plot;
  #zoom;
  #hidden = new Set();

  constructor(figure) {
    this.figure = figure;
    this.place = figure.querySelector('.chart-plot');
    this.resetButton = figure.querySelector('[data-reset]');
  }

  get plot() {
    return this.#plot;
  }

  /** From nothing; also when there is nothing to draw. */
  draw() {
    this.#plot?.destroy();
    this.#plot = undefined;
    const columns = columnsOf(tableOf(this.figure));
    this.figure.querySelector('.chart-hint').hidden = columns[0].length === 0;
    if (columns[0].length === 0) return;
    const kept = this.#zoom;
    this.#plot = new UPlot(optionsFor(this.figure, { hidden: this.#hidden, zoomed: (plot) => this.#keepZoom(plot) }), columns, this.place);
    if (kept !== undefined) this.#plot.setScale('x', kept);
    const show = (index, isShown) => this.#plot?.setSeries(index + 1, { show: isShown });
    fillLegend(this.figure.querySelector('.chart-legend'), linesOf(tableOf(this.figure)), this.#hidden, show);
  }

  /** New values keep the reader's zoom. */
  renew() {
    if (this.#plot === undefined) return this.draw();
    const kept = this.#zoom;
    this.#plot.setData(columnsOf(tableOf(this.figure)), kept === undefined);
    if (kept !== undefined) this.#plot.setScale('x', kept);
  }

  reset() {
    const times = this.#plot?.data[0];
    this.#zoom = undefined;
    this.#plot?.setScale('x', { min: times[0], max: times.at(-1) });
  }

  resize(width) {
    if (width > 0) this.#plot?.setSize({ width, height: heightPx });
  }

  #keepZoom({ data, scales }) {
    const { min, max } = scales.x;
    const isWhole = min <= data[0][0] && max >= data[0].at(-1);
    this.#zoom = isWhole ? undefined : { min, max };
    // A button that vanishes while it is used would drop the focus to the page.
    if (isWhole && document.activeElement === this.resetButton) this.place.focus();
    this.resetButton.hidden = isWhole;
  }
}

/** Draws the chart and keeps it up to date with its table, its width and the theme. */
export const showChart = (figure) => {
  const chart = new ShownChart(figure);
  const { place } = chart;
  place.tabIndex = 0;
  chart.draw();
  const again = () => chart.draw();
  document.addEventListener('themechange', again);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  document.addEventListener('refreshed', () => chart.renew());
  chart.resetButton.addEventListener('click', () => chart.reset());
  steerByKeys(place, () => chart.plot, () => chart.reset());
  new ResizeObserver(([{ contentRect }]) => chart.resize(contentRect.width)).observe(place);
};
