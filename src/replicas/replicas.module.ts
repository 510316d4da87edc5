import { Global, Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { NewsLine } from '../domain/news.js';
import { LineAlone } from './line-alone.js';
import { SharedLine } from './shared-line.js';
import { TableWatch } from './table-watch.js';

/** How gateways that act as one hear of each other; injectable everywhere. */
@Global()
@Module({
  providers: [
    TableWatch,
    {
      provide: NewsLine,
      inject: [Database],
      useFactory: ({ line }: Database): NewsLine => (line === undefined ? new LineAlone() : new SharedLine(line, line.textBytesMax)),
    },
  ],
  exports: [NewsLine],
})
export class ReplicasModule {}
