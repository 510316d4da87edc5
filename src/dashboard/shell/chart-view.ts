import type { TimeView } from '../text/formats.js';

/** A value of a chart; `null` is a gap in its line. */
export interface ChartCellView {
  readonly text: string;
  readonly value: number | null;
}

/** A chart and the table that says the same: the script draws what the table holds. */
export interface ChartView {
  readonly id: string;
  readonly caption: string;
  /** What the whole span comes to, beside the caption. */
  readonly detail?: string;
  readonly timeLabel: string;
  /** What the values are: `count` unless something else is said. */
  readonly unit?: 'count' | 'ms';
  /** `tone`: the name of a colour in `tokens.css`. */
  readonly series: readonly { readonly label: string; readonly tone: string }[];
  readonly rows: readonly { readonly time: TimeView; readonly cells: readonly ChartCellView[] }[];
}

/**
 * Without the step that is under way, whose few requests would look like a collapse; it is kept while it has the only
 * ones, so that the first request is seen.
 */
export const stepsShown = <Point>(points: readonly Point[], hasRequests: (point: Point) => boolean): readonly Point[] => {
  const complete = points.slice(0, -1);
  return complete.some(hasRequests) ? complete : points;
};
