import { DataSource } from 'typeorm';
import { readEnvironment } from './src/config/environment.js';
import { dataSourceOptions, defaultDatabasePath } from './src/database/data-source.js';

/** For the TypeORM command line only, after a build: `npm run typeorm -- migration:show`. */
export default new DataSource(dataSourceOptions(readEnvironment()['SQLITE_PATH'] || defaultDatabasePath));
