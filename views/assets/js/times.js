// Lets relative times tick, and shows exact ones in the reader's time zone: the server only knows its own.
const locale = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const steps = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]];

const textOf = (distanceMs) => {
  const [unit, ms] = steps.find(([, stepMs]) => Math.abs(distanceMs) >= stepMs) ?? steps[3];
  return relative.format(Math.round(distanceMs / ms), unit);
};

/** Brings the times below `root` up to date. */
export const tick = (root = document) => {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = Date.parse(time.dateTime);
    const isRelative = time.hasAttribute('data-relative');
    const text = isRelative ? textOf(at - Date.now()) : exact.format(at);
    if (time.textContent !== text) time.textContent = text;
    if (isRelative) time.title = exact.format(at);
  }
};

tick();
setInterval(() => { if (!document.hidden) tick(); }, 1_000);
document.addEventListener('visibilitychange', () => tick());
