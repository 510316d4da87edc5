import type { Speech } from '../shell/shell.view.js';
import type { OverviewTexts } from './overview.en.js';

/** What requests for one model through one channel came to. First byte times are seconds, of successes. */
export interface KindFacts {
  readonly success: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly avg_first_byte_time: number | null;
}

export interface TileFacts {
  readonly total: number;
  readonly success: number;
  readonly error: number;
  /** Calls under way. */
  readonly live: number;
  readonly kinds: readonly KindFacts[];
}

export interface TileView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly detail?: string;
}

const sumOf = (kinds: readonly KindFacts[], read: (kind: KindFacts) => number): number =>
  kinds.reduce((sum, kind) => sum + read(kind), 0);

/** Weighted by successes; `undefined` where there was none. */
const firstByteMs = (kinds: readonly KindFacts[]): number | undefined => {
  const timed = kinds.filter((kind) => kind.avg_first_byte_time !== null);
  const count = sumOf(timed, (kind) => kind.success);
  return count === 0 ? undefined : (1_000 * sumOf(timed, (kind) => kind.success * (kind.avg_first_byte_time ?? 0))) / count;
};

const tokensTile = (kinds: readonly KindFacts[], { texts, formats }: Speech<OverviewTexts>): TileView => {
  const input = sumOf(kinds, (kind) => kind.input_tokens);
  const output = sumOf(kinds, (kind) => kind.output_tokens);
  return {
    id: 'tokens',
    label: texts.tokens,
    value: formats.compact(input + output),
    detail: texts.tokensDetail(formats.compact(input), formats.compact(output)),
  };
};

export const tilesView = (facts: TileFacts, speech: Speech<OverviewTexts>): readonly TileView[] => {
  const { texts, formats } = speech;
  return [
    { id: 'live', label: texts.liveNow, value: formats.number(facts.live), detail: texts.liveDetail },
    { id: 'requests', label: texts.requests, value: formats.number(facts.total), detail: texts.failed(formats.number(facts.error)) },
    { id: 'success', label: texts.successRate, value: formats.percent(facts.success, facts.success + facts.error), detail: texts.successDetail },
    tokensTile(facts.kinds, speech),
    { id: 'first-byte', label: texts.firstByte, value: formats.duration(firstByteMs(facts.kinds)), detail: texts.firstByteDetail },
  ];
};
