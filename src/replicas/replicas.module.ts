import { Global, Module } from '@nestjs/common';
import { NewsLine } from '../domain/news.js';
import { LineAlone } from './line-alone.js';

/** How gateways that act as one hear of each other; injectable everywhere. */
@Global()
@Module({
  providers: [{ provide: NewsLine, useFactory: (): NewsLine => new LineAlone() }],
  exports: [NewsLine],
})
export class ReplicasModule {}
