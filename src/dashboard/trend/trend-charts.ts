import { latencyBound } from '../../domain/latency-bounds.js';
import type { EpochMs } from '../../domain/time.js';
import { stepsShown, type ChartCellView, type ChartView } from '../shell/chart-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { TrendTexts } from './trend.en.js';

/** What a page asks of a step. First byte times are seconds, `null` where none was measured. */
export interface TrendPoint {
  readonly ts: EpochMs;
  readonly total: number;
  readonly error: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly avg_first_byte_time: number | null;
  readonly p95_first_byte_time: number | null;
}

/** A curve under the name it has in legends. */
export interface NamedCurve {
  readonly name: string;
  readonly points: readonly TrendPoint[];
}

/** Larger sums are rounded: nobody reads eight digits. */
const exactBelow = 1_000_000;

type Read = (point: TrendPoint) => number | null;

/** Of latencies that are only counted by class, the bound of the class is drawn, and said to be one. */
interface Figure {
  readonly read: Read;
  readonly isBound?: boolean;
}

interface Line extends Figure {
  readonly label: string;
  readonly tone: string;
  readonly points: readonly TrendPoint[];
}

interface Plan {
  readonly id: string;
  readonly caption: string;
  readonly unit: 'count' | 'ms';
  readonly lines: readonly Line[];
}

const milliseconds = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 1_000));
const average: Figure = { read: (point) => milliseconds(point.avg_first_byte_time) };
const boundOf = (seconds: number): number => {
  const bound = latencyBound(seconds);
  return 'atMost' in bound ? bound.atMost : bound.atLeast;
};
const p95: Figure = { read: ({ p95_first_byte_time: seconds }) => milliseconds(seconds === null ? null : boundOf(seconds)), isBound: true };
const requests: Figure = { read: (point) => point.total };
const errors: Figure = { read: (point) => point.error };
const tokens: Figure = { read: (point) => point.input_tokens + point.output_tokens + point.cache_read_tokens + point.cache_creation_tokens };

const chartOf = ({ id, caption, unit, lines, steps }: Plan & { readonly steps: number }, now: EpochMs, { texts, formats }: Speech<TrendTexts>): ChartView => {
  const textOf = (value: number | null, isBound: boolean): string => {
    if (unit === 'count') return formats.number(value);
    return isBound ? formats.latencyClass(value === null ? null : value / 1_000) : formats.duration(value);
  };
  const cellOf = ({ read, isBound = false }: Line, point: TrendPoint | undefined): ChartCellView => {
    const value = point === undefined ? null : read(point);
    return { value, text: textOf(value, isBound) };
  };
  const sum = lines.reduce((all, { points, read }) => all + points.reduce((part, point) => part + (read(point) ?? 0), 0), 0);
  return {
    id,
    caption,
    unit,
    timeLabel: texts.time,
    ...(unit === 'count' ? { detail: texts.inAll(sum < exactBelow ? formats.number(sum) : formats.compact(sum)) } : {}),
    series: lines.map(({ label, tone }) => ({ label, tone })),
    rows: (lines[0]?.points ?? []).slice(0, steps).map((point, index) => ({
      time: formats.time(point.ts, now),
      cells: lines.map((line) => cellOf(line, line.points[index])),
    })),
  };
};

const togetherPlans = (points: readonly TrendPoint[], texts: TrendTexts): readonly Plan[] => {
  const line = (label: string, tone: string, figure: Figure): Line => ({ label, tone, points, ...figure });
  return [
    { id: 'requests', caption: texts.requests, unit: 'count', lines: [line(texts.requests, 'accent', requests)] },
    { id: 'errors', caption: texts.errors, unit: 'count', lines: [line(texts.failed, 'bad', errors)] },
    {
      id: 'tokens',
      caption: texts.tokens,
      unit: 'count',
      lines: [
        line(texts.input, 'line-1', { read: (point) => point.input_tokens }),
        line(texts.output, 'line-2', { read: (point) => point.output_tokens }),
        line(texts.cacheRead, 'line-3', { read: (point) => point.cache_read_tokens }),
        line(texts.cacheWrite, 'line-4', { read: (point) => point.cache_creation_tokens }),
      ],
    },
    { id: 'first-byte', caption: texts.firstByte, unit: 'ms', lines: [line(texts.average, 'line-1', average), line(texts.p95, 'line-2', p95)] },
  ];
};

const comparedPlans = (curves: readonly NamedCurve[], texts: TrendTexts): readonly Plan[] => {
  const lines = (figure: Figure): readonly Line[] => curves.map(({ name, points }, index) => ({ label: name, tone: `line-${index + 1}`, points, ...figure }));
  return [
    { id: 'requests', caption: texts.requests, unit: 'count', lines: lines(requests) },
    { id: 'errors', caption: texts.errors, unit: 'count', lines: lines(errors) },
    { id: 'tokens', caption: texts.tokens, unit: 'count', lines: lines(tokens) },
    { id: 'first-byte', caption: texts.firstByteAverage, unit: 'ms', lines: lines(average) },
    { id: 'first-byte-p95', caption: texts.firstByteP95, unit: 'ms', lines: lines(p95) },
  ];
};

/** How many steps are drawn; the sum beside the caption is of all. */
const stepsOf = (curves: readonly NamedCurve[]): number =>
  stepsShown(curves[0]?.points.map((_, index) => index) ?? [], (index) => curves.some(({ points }) => (points[index]?.total ?? 0) > 0)).length;

/** Charts of all requests together (`compared` false, one curve), or with a line per channel. */
export const trendCharts = (
  { curves, isCompared }: { readonly curves: readonly NamedCurve[]; readonly isCompared: boolean },
  now: EpochMs,
  speech: Speech<TrendTexts>,
): readonly ChartView[] => {
  const plans = isCompared ? comparedPlans(curves, speech.texts) : togetherPlans(curves[0]?.points ?? [], speech.texts);
  const steps = stepsOf(curves);
  return plans.map((plan) => chartOf({ ...plan, steps }, now, speech));
};
