import { In, LessThanOrEqual, MoreThan, type DataSource, type Repository } from 'typeorm';
import type { EpochMs } from '../domain/time.js';
import { SessionEntity } from './session.entity.js';

/** Sessions kept at a time; beyond that the ones that expire first go. */
export const sessionsMax = 10_000;
const surplusPerWrite = 100;

/** Sessions of the admin pages in their table. */
export class SessionRepository {
  private readonly rows: Repository<SessionEntity>;

  constructor(dataSource: DataSource) {
    this.rows = dataSource.getRepository(SessionEntity);
  }

  /** What was written under this id; `undefined` when there is nothing or it has expired. */
  async read(id: string, now: EpochMs): Promise<string | undefined> {
    const row = await this.rows.findOneBy({ id, expiresAt: MoreThan(now) });
    return row?.data;
  }

  async write(id: string, data: string, expiresAt: EpochMs): Promise<void> {
    await this.rows.upsert({ id, data, expiresAt }, ['id']);
    const surplus = await this.rows.find({
      select: { id: true },
      order: { expiresAt: 'DESC' },
      skip: sessionsMax,
      take: surplusPerWrite,
    });
    if (surplus.length > 0) await this.rows.delete({ id: In(surplus.map((row) => row.id)) });
  }

  async destroy(id: string): Promise<void> {
    await this.rows.delete({ id });
  }

  /** Removes at most `limit` expired sessions and says how many, so that a caller can go on in small steps. */
  async deleteExpired(now: EpochMs, limit: number): Promise<number> {
    const expired = await this.rows.find({ select: { id: true }, where: { expiresAt: LessThanOrEqual(now) }, take: limit });
    if (expired.length > 0) await this.rows.delete({ id: In(expired.map((row) => row.id)) });
    return expired.length;
  }

  /** Logs everybody out. */
  async destroyAll(): Promise<void> {
    await this.rows.createQueryBuilder().delete().execute();
  }
}
