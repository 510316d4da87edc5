import type { EpochMs } from '../../domain/time.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import type { OverviewTexts } from './overview.en.js';

/** What the page asks of a channel. */
export interface ChannelFacts {
  readonly name: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly cooldown_until?: EpochMs;
}

/** What it asks of requests for one model through one channel. First byte times are seconds. */
export interface KindFacts {
  readonly success: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly avg_first_byte_time: number | null;
}

export interface PointFacts {
  readonly ts: EpochMs;
  readonly success: number;
  readonly error: number;
}

export interface OverviewFacts {
  readonly total: number;
  readonly success: number;
  readonly error: number;
  readonly hours: number;
  readonly live: number;
  readonly channels: readonly ChannelFacts[];
  readonly kinds: readonly KindFacts[];
  readonly points: readonly PointFacts[];
}

export interface TileView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
}

export interface BadgeView {
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet';
  readonly label: string;
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

export interface OverviewView {
  readonly title: string;
  readonly span: string;
  readonly tiles: readonly TileView[];
  readonly chart: ChartView;
  readonly texts: OverviewTexts;
  readonly channels: readonly {
    readonly name: string;
    readonly badge: BadgeView;
    readonly until: TimeView | undefined;
    readonly models: string;
    readonly priority: string;
  }[];
}

const sumOf = (kinds: readonly KindFacts[], read: (kind: KindFacts) => number): number =>
  kinds.reduce((sum, kind) => sum + read(kind), 0);

/** Weighted by successes; `undefined` where there was none. */
const firstByteMs = (kinds: readonly KindFacts[]): number | undefined => {
  const timed = kinds.filter((kind) => kind.avg_first_byte_time !== null);
  const count = sumOf(timed, (kind) => kind.success);
  return count === 0 ? undefined : (1_000 * sumOf(timed, (kind) => kind.success * (kind.avg_first_byte_time ?? 0))) / count;
};

const tilesOf = (facts: OverviewFacts, { texts, formats }: Speech<OverviewTexts>): readonly TileView[] => {
  const input = sumOf(facts.kinds, (kind) => kind.input_tokens);
  const output = sumOf(facts.kinds, (kind) => kind.output_tokens);
  return [
    { id: 'live', label: texts.liveNow, value: formats.number(facts.live) },
    { id: 'requests', label: texts.requests, value: formats.number(facts.total), detail: texts.failed(formats.number(facts.error)) },
    { id: 'success', label: texts.successRate, value: formats.percent(facts.success, facts.success + facts.error) },
    {
      id: 'tokens',
      label: texts.tokens,
      value: formats.compact(input + output),
      detail: texts.tokensDetail(formats.compact(input), formats.compact(output)),
    },
    { id: 'first-byte', label: texts.firstByte, value: formats.duration(firstByteMs(facts.kinds)) },
  ];
};

const badgeOf = (channel: ChannelFacts, texts: OverviewTexts): BadgeView => {
  if (!channel.enabled) return { tone: 'quiet', label: texts.disabled };
  return channel.cooldown_until === undefined ? { tone: 'good', label: texts.serving } : { tone: 'warn', label: texts.cooling };
};

const chartOf = (points: readonly PointFacts[], now: EpochMs, { texts, formats }: Speech<OverviewTexts>): ChartView => ({
  id: 'traffic',
  caption: texts.traffic,
  timeLabel: texts.time,
  series: [
    { label: texts.succeeded, tone: 'accent' },
    { label: texts.errors, tone: 'bad' },
  ],
  rows: points.map((point) => ({
    time: formats.time(point.ts, now),
    cells: [point.success, point.error].map((value) => ({ text: formats.number(value), value })),
  })),
});

export const overviewView = (facts: OverviewFacts, now: EpochMs, speech: Speech<OverviewTexts>): OverviewView => {
  const { texts, formats } = speech;
  return {
    title: texts.title,
    span: texts.lastHours(formats.number(facts.hours)),
    tiles: tilesOf(facts, speech),
    chart: chartOf(facts.points, now, speech),
    texts,
    channels: facts.channels.map((channel) => ({
      name: channel.name,
      badge: badgeOf(channel, texts),
      until: channel.cooldown_until === undefined ? undefined : formats.time(channel.cooldown_until, now),
      models: channel.models.join(', '),
      priority: formats.number(channel.priority),
    })),
  };
};
