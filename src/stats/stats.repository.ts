import type { DataSource } from 'typeorm';
import type { EpochMs } from '../domain/time.js';
import type { RequestSummary } from './request-summary.js';

/** Counts over the log. Only final rows count: one per client request, however many attempts it took. */
export class StatsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Requests that began from `since` to `now`, both included. */
  async summary(since: EpochMs, now: EpochMs): Promise<RequestSummary> {
    const counts = await this.dataSource
      .createQueryBuilder()
      .from('logs', 'log')
      .select('COUNT(*)', 'total')
      .addSelect('SUM(CASE WHEN log.status_code BETWEEN 200 AND 299 THEN 1 ELSE 0 END)', 'success')
      .addSelect('SUM(CASE WHEN log.status_code BETWEEN 200 AND 299 OR log.status_code = 499 THEN 0 ELSE 1 END)', 'error')
      .where('log.time BETWEEN :since AND :now', { since, now })
      .andWhere('log.final = :final', { final: true })
      .getRawOne<{ total: number; success: number | null; error: number | null }>();
    return {
      totalRequests: Number(counts?.total ?? 0),
      successRequests: Number(counts?.success ?? 0),
      errorRequests: Number(counts?.error ?? 0),
    };
  }
}
