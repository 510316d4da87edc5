import type { EpochMs } from '../../domain/time.js';
import type { Speech } from '../shell/shell.view.js';
import type { ChartView } from '../shell/chart-view.js';
import { healthView, type ChannelFacts, type HealthView } from './channel-health.view.js';
import { lastErrorsView, type ErrorFacts, type LastErrorView } from './last-errors.view.js';
import { liveCallsView, type LiveCallsView, type LiveFacts } from './live-calls.view.js';
import type { OverviewTexts } from './overview.en.js';
import { tilesView, type TileFacts, type TileView } from './tiles.view.js';
import { trafficView, type PointFacts } from './traffic.view.js';

export interface OverviewFacts extends Omit<TileFacts, 'live'> {
  readonly hours: number;
  readonly live: LiveFacts;
  readonly channels: readonly ChannelFacts[];
  readonly points: readonly PointFacts[];
  readonly errors: readonly ErrorFacts[];
  /** The pages that this one leads to, as far as there are any. */
  readonly paths: OverviewPaths;
}

export interface OverviewPaths {
  readonly connect: string;
  readonly channels?: string | undefined;
  readonly addChannel?: string | undefined;
  readonly trace?: ((requestId: string) => string) | undefined;
}

export interface OverviewView {
  readonly title: string;
  readonly span: string;
  readonly tiles: readonly TileView[];
  readonly chart: ChartView;
  readonly health: HealthView;
  readonly live: LiveCallsView;
  readonly errors: readonly LastErrorView[];
  /** True until the first request has come: then there is nothing to see yet, but something to do. */
  readonly isNew: boolean;
  readonly paths: OverviewPaths;
  readonly texts: OverviewTexts;
}

export const overviewView = (facts: OverviewFacts, now: EpochMs, speech: Speech<OverviewTexts>): OverviewView => {
  const { texts, formats } = speech;
  const { channels, live, paths } = facts;
  return {
    title: texts.title,
    span: texts.lastHours(formats.number(facts.hours)),
    tiles: tilesView({ ...facts, live: live.total }, speech),
    chart: trafficView(facts.points, now, speech),
    health: healthView(channels, paths.channels, now, speech),
    live: liveCallsView(live, new Map(channels.map(({ id, name }) => [id, name] as const)), now, speech),
    errors: lastErrorsView(facts.errors, now, paths.trace, speech),
    isNew: channels.length === 0 || (facts.total === 0 && live.total === 0),
    paths,
    texts,
  };
};
