import type { DataSource } from 'typeorm';
import { runSql } from '../database/run-sql.js';

/** What tells one state of the tables that replicas share from another. */
export interface TableMarks {
  readonly channels: string;
  readonly cooldowns: string;
}

interface MarkRow {
  readonly mark: string;
}

/** Sums beyond 2^53 cross as text. Every change of a row makes its moment later, so a sum that is the same says that nothing changed. */
const markOf = (table: string, moments: string, id: string): string =>
  `SELECT CAST(COUNT(*) AS text) || ' ' || CAST(COALESCE(SUM(${moments}), 0) AS text) || ' ' || CAST(COALESCE(SUM(${id}), 0) AS text) AS mark FROM ${table}`;

const markOfChannels = markOf('channels', 'updated_at', 'id');
const markOfCooldowns = markOf('cooldowns', 'since + until', 'channel_id');
const markOfModelCooldowns = markOf('model_cooldowns', 'since + until', 'channel_id');

/** The safety net of replicas: cheap to ask once a second. */
export class ReplicaRepository {
  constructor(private readonly dataSource: DataSource) {}

  async marks(): Promise<TableMarks> {
    const [channels, cooldowns, pairs] = [await this.mark(markOfChannels), await this.mark(markOfCooldowns), await this.mark(markOfModelCooldowns)];
    return { channels, cooldowns: `${cooldowns}, ${pairs}` };
  }

  private async mark(statement: string): Promise<string> {
    const [row] = await runSql<MarkRow>(this.dataSource, statement);
    return row?.mark ?? '';
  }
}
