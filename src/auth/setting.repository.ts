import type { DataSource, Repository } from 'typeorm';
import { SettingEntity } from './setting.entity.js';

/** Values the program makes for itself once and keeps, such as the secret that signs session cookies. */
export class SettingRepository {
  private readonly rows: Repository<SettingEntity>;

  constructor(dataSource: DataSource) {
    this.rows = dataSource.getRepository(SettingEntity);
  }

  /** The value stored under `key`; when there is none yet, `candidate` becomes it. */
  async valueOrInsert(key: string, candidate: string): Promise<string> {
    const kept = await this.rows.findOneBy({ key });
    // A database that may only be read refuses to look whether there is anything to insert.
    if (kept !== null) return kept.value;
    await this.rows.createQueryBuilder().insert().values({ key, value: candidate }).orIgnore().execute();
    const { value } = await this.rows.findOneByOrFail({ key });
    return value;
  }
}
