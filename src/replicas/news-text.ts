import type { Cooldown } from '../domain/cooldown.js';
import type { ScopeKnowledge } from '../domain/cooldown-merge.js';
import type { News } from '../domain/news.js';

/** What one replica sends: who it is and its news, or that some of it was lost. */
export interface NewsLetter {
  readonly from: string;
  readonly news: readonly News[];
  readonly isMissing: boolean;
}

export const letterText = ({ from, news, isMissing }: NewsLetter): string => JSON.stringify({ from, news, isMissing });

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

const cooldownFrom = (value: unknown): Cooldown | undefined => {
  if (!isFields(value)) return undefined;
  const { until, since, durationMs, reason, proven, place } = value;
  if (!isMoment(until) || !isMoment(since) || !isMoment(durationMs) || typeof reason !== 'string') return undefined;
  return { until, since, durationMs, reason, proven: proven === true, ...(isMoment(place) ? { place } : {}) };
};

const knowledgeFrom = (value: unknown): ScopeKnowledge | undefined => {
  if (!isFields(value)) return undefined;
  const { cooldown, liftedAt, clearedAt } = value;
  if (!isMoment(liftedAt)) return undefined;
  return { cooldown: cooldownFrom(cooldown), liftedAt, ...(isMoment(clearedAt) ? { clearedAt } : {}) };
};

const newsFrom = (value: unknown): readonly News[] => {
  if (!isFields(value)) return [];
  const { kind, channelId, model, isRunning } = value;
  if (kind === 'channels' || kind === 'cooldowns') return [{ kind }];
  if (!isMoment(channelId)) return [];
  if (kind === 'probe' && typeof model === 'string') return [{ kind, channelId, model, isRunning: isRunning === true }];
  const knowledge = knowledgeFrom(value['knowledge']);
  if (kind !== 'cooldown' || knowledge === undefined) return [];
  return [{ kind, channelId, model: typeof model === 'string' ? model : undefined, knowledge }];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The letter in a text; `undefined` when it is none. News of kinds that only another version knows are left out. */
export const letterFrom = (text: string): NewsLetter | undefined => {
  const value = parsed(text);
  if (!isFields(value) || typeof value['from'] !== 'string') return undefined;
  const news: readonly unknown[] = Array.isArray(value['news']) ? value['news'] : [];
  return { from: value['from'], news: news.flatMap(newsFrom), isMissing: value['isMissing'] === true };
};
