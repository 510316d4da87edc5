// Lets times tick, and shows exact ones in the reader's time zone: the server only knows its own.
const locale = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const steps = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];

const wordsOf = (distanceMs) => {
  const [unit, ms] = steps.find(([, stepMs]) => Math.abs(distanceMs) >= stepMs) ?? steps[3];
  return relative.format(Math.round(distanceMs / ms), unit);
};

/** `0:07`, `16:42`, `1:02:03`, as `Formats.stopwatch` has it. */
const clockOf = (distanceMs) => {
  const seconds = Math.floor(Math.abs(distanceMs) / 1_000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...others] = seconds >= 3_600 ? [Math.floor(seconds / 3_600), ...parts] : parts;
  return [first, ...others.map((part) => String(part).padStart(2, '0'))].join(':');
};

/** One clock counts from its moment or down to it, and stands still there. */
const clockText = (time, distanceMs) => {
  if (distanceMs > 0) time.dataset.clock = 'down';
  if (time.dataset.clock !== 'down' || distanceMs > 0) return clockOf(distanceMs);
  if (!time.hasAttribute('data-ended')) {
    time.setAttribute('data-ended', '');
    document.dispatchEvent(new CustomEvent('clockended'));
  }
  return clockOf(0);
};

/** Brings the times below `root` up to date. */
export const tick = (root = document) => {
  for (const time of root.querySelectorAll('time[datetime]:not([datetime=""])')) {
    const at = Date.parse(time.dateTime);
    const distanceMs = at - Date.now();
    const isClock = time.hasAttribute('data-clock');
    const ticks = isClock || time.hasAttribute('data-relative');
    const text = isClock ? clockText(time, distanceMs) : ticks ? wordsOf(distanceMs) : exact.format(at);
    if (time.textContent !== text) time.textContent = text;
    if (ticks && time.title !== exact.format(at)) time.title = exact.format(at);
  }
};

tick();
setInterval(() => { if (!document.hidden) tick(); }, 1_000);
document.addEventListener('visibilitychange', () => tick());
