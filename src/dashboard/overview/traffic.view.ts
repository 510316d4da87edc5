import type { EpochMs } from '../../domain/time.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import type { OverviewTexts } from './overview.en.js';

/** Requests that began in one step of the chart. */
export interface PointFacts {
  readonly ts: EpochMs;
  readonly success: number;
  readonly error: number;
}

export interface CellView {
  readonly text: string;
  readonly value: number;
}

/** A chart and the table that says the same: the script draws what the table holds. */
export interface ChartView {
  readonly id: string;
  readonly caption: string;
  readonly timeLabel: string;
  readonly series: readonly { readonly label: string; readonly tone: string }[];
  readonly rows: readonly { readonly time: TimeView; readonly cells: readonly CellView[] }[];
}

/**
 * Without the step that is under way, whose few requests would look like a collapse; it is kept while it has the only
 * ones, so that the first request is seen.
 */
const stepsShown = (points: readonly PointFacts[]): readonly PointFacts[] => {
  const complete = points.slice(0, -1);
  return complete.some(({ success, error }) => success + error > 0) ? complete : points;
};

export const trafficView = (points: readonly PointFacts[], now: EpochMs, { texts, formats }: Speech<OverviewTexts>): ChartView => ({
  id: 'traffic',
  caption: texts.traffic,
  timeLabel: texts.time,
  series: [
    { label: texts.succeeded, tone: 'accent' },
    { label: texts.errors, tone: 'bad' },
  ],
  rows: stepsShown(points).map((point) => ({
    time: formats.time(point.ts, now),
    cells: [point.success, point.error].map((value) => ({ text: formats.number(value), value })),
  })),
});
