import { Module, type DynamicModule } from '@nestjs/common';
import { Database } from './database.js';

/** Makes an already open database injectable everywhere. Whoever opened it closes it. */
@Module({})
export class DatabaseModule {
  static for(database: Database): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: Database, useValue: database }],
      exports: [Database],
    };
  }
}
