import { Logger, Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BufferedCallSink } from './buffered-call-sink.js';
import { LogRetention } from './log-retention.js';
import { LogsController } from './logs.controller.js';
import { LogsService } from './logs.service.js';

const callSink = (database: Database): BufferedCallSink => {
  const logger = new Logger('Logs');
  const logs = database.remote('logs');
  return new BufferedCallSink({
    append: (packs, mayBeStored) => logs.appendPacked(packs, mayBeStored),
    warn: (sentence) => logger.warn(sentence),
    inform: (sentence) => logger.log(sentence),
  });
};

@Module({
  controllers: [LogsController],
  providers: [LogsService, LogRetention, { provide: BufferedCallSink, useFactory: callSink, inject: [Database] }],
  exports: [BufferedCallSink, LogsService],
})
export class LogsModule {}
