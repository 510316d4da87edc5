import { pathWithQuery } from '../shell/path-with-query.js';
import { formValues } from '../shell/parse-form.js';
import { parseSpan, spanHoursDefault } from '../shell/span-choice.js';

/** As many lines as a person can tell apart. */
export const comparedMax = 6;

export interface TrendRequest {
  /** `undefined` when the address asks for no span there could be. */
  readonly hours: number | undefined;
  /** 0 stands for requests that no channel was tried for. Empty: all requests together. */
  readonly channelIds: readonly number[];
  /** True when more were asked for than are shown. */
  readonly isCut: boolean;
}

const valuesOf = (query: unknown, name: string): readonly unknown[] => {
  const found: unknown = typeof query === 'object' && query !== null ? new Map<string, unknown>(Object.entries(query)).get(name) : undefined;
  return Array.isArray(found) ? found : [found];
};

const idsOf = (query: unknown): readonly number[] => {
  const texts = valuesOf(query, 'channel').filter((value): value is string => typeof value === 'string' && /^[0-9]{1,15}$/.test(value));
  return [...new Set(texts.map(Number))];
};

/** What cannot be a channel is left out. */
export const trendRequestOf = (query: unknown): TrendRequest => {
  const ids = idsOf(query);
  return { hours: parseSpan(formValues(query, ['hours']).hours), channelIds: ids.slice(0, comparedMax), isCut: ids.length > comparedMax };
};

/** The same page with another span or other channels; the default span is not written down. */
export const trendPath = (hours: number, channelIds: readonly number[]): string =>
  pathWithQuery('/web/trend', [['hours', hours === spanHoursDefault ? '' : String(hours)], ...channelIds.map((id) => ['channel', String(id)] as const)]);

/** Steps by the longest span that they are for: each span comes to between 60 and 180 points. */
const steps = [
  { hours: 1, minutes: 1 },
  { hours: 6, minutes: 5 },
  { hours: 24, minutes: 15 },
  { hours: 168, minutes: 60 },
] as const;
const longestStepMinutes = 240;

/** Minutes between two points of a curve over so many hours. */
export const stepMinutesOf = (hours: number): number => steps.find((step) => hours <= step.hours)?.minutes ?? longestStepMinutes;
