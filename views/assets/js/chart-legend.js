// The names of a chart's lines: buttons that hide and show them, for the mouse and the keyboard.
import { colour } from './chart-axes.js';

const buttonFor = ({ label, tone }, isShown, toggle) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'chart-line';
  button.setAttribute('aria-pressed', String(isShown));
  const swatch = document.createElement('span');
  swatch.className = 'chart-swatch';
  swatch.style.background = colour(tone);
  button.append(swatch, label);
  button.addEventListener('click', () => button.setAttribute('aria-pressed', String(toggle())));
  return button;
};

/**
 * Fills `place` with a button per line; a single line has its name in the caption. `hidden` holds the names of the lines
 * that are not shown, and `show(index, isShown)` is told of each change.
 */
export const fillLegend = (place, lines, hidden, show) => {
  const buttons = lines.map((line, index) =>
    buttonFor(line, !hidden.has(line.label), () => {
      const isShown = hidden.delete(line.label);
      if (!isShown) hidden.add(line.label);
      show(index, isShown);
      return isShown;
    }),
  );
  place.replaceChildren(...(lines.length > 1 ? buttons : []));
};
