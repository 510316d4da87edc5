// Colours and axes of charts: moments below, values with their unit at the left.
const locale = document.documentElement.lang;
const figures = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
const inUnit = (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 });
const [milliseconds, seconds, minutes] = ['millisecond', 'second', 'minute'].map(inUnit);
const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });

/** The colour that `tokens.css` gives the name in the theme of now. */
export const colour = (name) => {
  // A variable with light-dark() in it is only resolved where it is used.
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const durationText = (ms) => {
  if (ms < 1_000) return milliseconds.format(ms);
  return ms < 120_000 ? seconds.format(ms / 1_000).replace(/ sec$/, ' s') : minutes.format(ms / 60_000);
};

/** The value beside a line of the grid. */
const valueText = (unit, value) => (unit === 'ms' && value > 0 ? durationText(value) : figures.format(value));

/** Whole steps only: half a request does not happen. */
const steps = Array.from({ length: 45 }, (_, index) => [1, 2, 5][index % 3] * 10 ** Math.floor(index / 3));

const isMidnight = (at) => { const date = new Date(at * 1_000); return date.getHours() === 0 && date.getMinutes() === 0; };
const timeLabels = (_plot, splits) => splits.map((at) => (isMidnight(at) ? day : hour).format(at * 1_000));

const axis = (extra) => ({ stroke: colour('text-quiet'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, ...extra });
/** Pixels per character of a label, in the small size of the pages; Chinese ones are as wide as they are high. */
const characterPx = 7;
const wideCharacterPx = 13;
const widthOfText = (text) => [...text].reduce((px, character) => px + (/\p{Script=Han}/u.test(character) ? wideCharacterPx : characterPx), 0);

/** As wide as its longest label, so that no digit is cut off and none needs room that it has not. */
const widthOf = (_plot, labels) => 14 + Math.max(3 * characterPx, ...(labels ?? []).map(widthOfText));

export const axesFor = (unit) => [
  axis({ size: 30, values: timeLabels, space: 56 }),
  axis({ size: widthOf, incrs: steps, space: 28, values: (_plot, splits) => splits.map((value) => valueText(unit, value)) }),
];

/** From nothing to a little above the highest value; a chart of nothing has a scale too. */
export const valueRange = (unit) => (_plot, _min, max) => [0, Math.max(unit === 'ms' ? 10 : 4, (max ?? 0) * 1.1)];
