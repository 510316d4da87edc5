// What the chart says at the pointer: the words of the table's row.
import { colour } from './chart-axes.js';
import { wordsAt } from './chart-table.js';

const gapPx = 12;

const lineFor = ({ label, tone }, value) => {
  const line = document.createElement('div');
  const swatch = document.createElement('span');
  swatch.className = 'chart-swatch';
  swatch.style.background = colour(tone);
  const amount = document.createElement('b');
  amount.textContent = value;
  line.append(swatch, label, amount);
  return line;
};

const place = (tip, { over, cursor }) => {
  const isRight = cursor.left > over.clientWidth / 2;
  tip.style.left = isRight ? '' : `${cursor.left + gapPx}px`;
  tip.style.right = isRight ? `${over.clientWidth - cursor.left + gapPx}px` : '';
};

/** A plugin for uPlot. */
export const tooltip = (tableNow, lines) => {
  const tip = document.createElement('div');
  tip.className = 'chart-tip';
  tip.hidden = true;
  const say = (plot) => {
    const { idx, left } = plot.cursor;
    const words = idx === null || idx === undefined || left < 0 ? undefined : wordsAt(tableNow(), idx);
    tip.hidden = words === undefined;
    if (words === undefined) return;
    const time = document.createElement('p');
    time.textContent = words.time;
    const shown = lines.flatMap((line, index) => (plot.series[index + 1].show ? [lineFor(line, words.values[index])] : []));
    tip.replaceChildren(time, ...shown);
    place(tip, plot);
  };
  return { hooks: { init: (plot) => plot.over.append(tip), setCursor: say } };
};
