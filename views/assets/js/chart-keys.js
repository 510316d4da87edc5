// The chart by keyboard: arrows move along the line, + and - zoom, Escape shows everything again.
const farSteps = 10;

const visibleOf = (plot) => {
  const times = plot.data[0];
  const { min, max } = plot.scales.x;
  return { first: times.findIndex((at) => at >= min), last: times.findLastIndex((at) => at <= max) };
};

const moveTo = (plot, index) => {
  const { first, last } = visibleOf(plot);
  const at = plot.data[0][Math.min(last, Math.max(first, index))];
  if (at !== undefined) plot.setCursor({ left: plot.valToPos(at, 'x'), top: 0 });
};

const move = (plot, by) => {
  const { last } = visibleOf(plot);
  const { idx, left } = plot.cursor;
  // Whoever begins to move begins at the newest point.
  moveTo(plot, left < 0 || idx === null || idx === undefined ? last : idx + by);
};

/** Around the point that is looked at, else around the middle; never less than three points. */
const zoom = (plot, factor) => {
  const times = plot.data[0];
  const { min, max } = plot.scales.x;
  const { idx, left } = plot.cursor;
  const centre = left < 0 || idx === null || idx === undefined ? (min + max) / 2 : times[idx];
  const width = Math.max((max - min) * factor, 2 * (times[1] - times[0] || 1));
  const from = Math.max(times[0], Math.min(centre - width / 2, times.at(-1) - width));
  plot.setScale('x', { min: from, max: Math.min(times.at(-1), from + width) });
};

const actions = {
  ArrowLeft: (plot, { shiftKey }) => move(plot, shiftKey ? -farSteps : -1),
  ArrowRight: (plot, { shiftKey }) => move(plot, shiftKey ? farSteps : 1),
  Home: (plot) => moveTo(plot, 0),
  End: (plot) => moveTo(plot, plot.data[0].length),
  '+': (plot) => zoom(plot, 0.5),
  '=': (plot) => zoom(plot, 0.5),
  '-': (plot) => zoom(plot, 2),
};

/** `plotNow` gives the plot as it is drawn now, if it is; `reset` ends the zoom. */
export const steerByKeys = (place, plotNow, reset) => {
  place.addEventListener('keydown', (event) => {
    const plot = plotNow();
    if (plot === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = event.key === 'Escape' ? reset : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action(plot, event);
  });
  place.addEventListener('blur', () => plotNow()?.setCursor({ left: -10, top: -10 }));
};
