import type { SharedTexts } from '../text/shared.en.js';

/** The spans that pages offer, in hours. */
export const spanHours = [1, 6, 24, 168, 720] as const;
/** As far back as the log and the statistics can be asked. */
export const spanHoursMax = 720;
export const spanHoursDefault = 24;

/** The span a page's address asks for; `undefined` for what is no whole number of hours from 1 to `spanHoursMax`. */
export const parseSpan = (text: string): number | undefined => {
  if (text === '') return spanHoursDefault;
  const hours = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  return hours >= 1 && hours <= spanHoursMax ? hours : undefined;
};

/** "6 hours", "7 days": whole days from two days on. */
export const spanLabel = (hours: number, { lastHours, lastDays }: Pick<SharedTexts, 'lastHours' | 'lastDays'>): string =>
  hours > 24 && hours % 24 === 0 ? lastDays(hours / 24) : lastHours(hours);

/** What can be chosen, the present span among it even when it is none of ours. */
export const spansWith = (hours: number): readonly number[] =>
  [...new Set<number>([...spanHours, hours])].sort((one, other) => one - other);

/** One of several addresses of a page, of which one is shown. */
export interface LinkView {
  readonly label: string;
  readonly path: string;
  readonly isCurrent: boolean;
}
