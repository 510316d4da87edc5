import { DataSource } from 'typeorm';
import { dataSourceOptions, migrations } from '../data-source.js';
import { inMemoryPath } from '../in-memory-path.js';
import { silence } from '../silent-logger.js';

/** TypeORM's own. */
const bookOfMigrations = 'migrations';

/**
 * The names, in lower case, that migrations give to tables and indexes, also for a time only. Found out by running them on an
 * empty database in memory (about 20 ms), so that nobody who writes one has to think of the original.
 */
export const namesOfOurs = async (): Promise<ReadonlySet<string>> => {
  const dataSource = await new DataSource({ ...dataSourceOptions(inMemoryPath), enableWAL: false, logger: silence }).initialize();
  const names = new Set([bookOfMigrations]);
  try {
    const queryRunner = dataSource.createQueryRunner();
    for (const Migration of migrations) {
      await new Migration().up(queryRunner);
      const rows: readonly { name: string }[] = await dataSource.query('SELECT lower(name) AS name FROM sqlite_master');
      for (const { name } of rows) names.add(name);
    }
    return names;
  } finally {
    await dataSource.destroy();
  }
};
