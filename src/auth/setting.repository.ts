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
    await this.rows.createQueryBuilder().insert().values({ key, value: candidate }).orIgnore().execute();
    const { value } = await this.rows.findOneByOrFail({ key });
    return value;
  }
}
