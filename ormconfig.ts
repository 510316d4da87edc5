import { DataSource } from 'typeorm';
import { dataSourceOptions, defaultDatabasePath } from './src/database/data-source.js';

/** For the TypeORM command line only, after a build: `npm run typeorm -- migration:show`. */
export default new DataSource(dataSourceOptions(process.env['SQLITE_PATH'] ?? defaultDatabasePath));
