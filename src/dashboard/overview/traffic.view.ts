import type { EpochMs } from '../../domain/time.js';
import { stepsShown, type ChartView } from '../shell/chart-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { OverviewTexts } from './overview.en.js';

/** Requests that began in one step of the chart. */
export interface PointFacts {
  readonly ts: EpochMs;
  readonly success: number;
  readonly error: number;
}

export const trafficView = (points: readonly PointFacts[], now: EpochMs, { texts, formats }: Speech<OverviewTexts>): ChartView => ({
  id: 'traffic',
  caption: texts.traffic,
  timeLabel: texts.time,
  series: [
    { label: texts.succeeded, tone: 'accent' },
    { label: texts.errors, tone: 'bad' },
  ],
  rows: stepsShown(points, ({ success, error }) => success + error > 0).map((point) => ({
    time: formats.time(point.ts, now),
    cells: [point.success, point.error].map((value) => ({ text: formats.number(value), value })),
  })),
});
