import { storageSentences } from '../domain/storage-problem.js';
import type { StorageProblem } from '../domain/storage-problem.js';
import type { CallSinkCounters } from '../logs/logs.service.js';
import type { StorageTrouble } from './storage-watch.js';
import type { UncleanEnd } from './unclean-end.js';

/** Whether anything can be stored. Moments are unix ms. */
export interface StorageView {
  /** `null` while all is well. */
  readonly problem: StorageProblem | null;
  /** The problem in words; `null` while all is well. */
  readonly sentence: string | null;
  readonly since: number | null;
  /** Log rows that wait in memory. */
  readonly rows_waiting: number;
  /** Log rows given up since the start. */
  readonly rows_dropped: number;
}

/** How the run before ended, when that was not properly. */
export interface UncleanEndView {
  readonly started_at: number;
  readonly seen_at: number;
  readonly rows_missing: number;
  /** An estimate. */
  readonly rows_uncertain: number;
  readonly calls_cut: number;
}

export interface HealthView {
  readonly storage: StorageView;
  readonly unclean_end: UncleanEndView | null;
}

export const storageView = (trouble: StorageTrouble | undefined, { queued, dropped }: CallSinkCounters): StorageView => ({
  problem: trouble?.problem ?? null,
  sentence: trouble === undefined ? null : storageSentences[trouble.problem],
  since: trouble?.since ?? null,
  rows_waiting: queued,
  rows_dropped: dropped,
});

export const uncleanEndView = (end: UncleanEnd | undefined): UncleanEndView | null =>
  end === undefined
    ? null
    : {
        started_at: end.startedAt,
        seen_at: end.seenAt,
        rows_missing: end.rowsMissing,
        rows_uncertain: end.rowsUncertain,
        calls_cut: end.callsCut,
      };
