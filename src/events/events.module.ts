import { Module } from '@nestjs/common';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { LogsService } from '../logs/logs.service.js';
import { EventFeed } from './event-feed.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [CooldownModule, LogsModule],
  controllers: [EventsController],
  providers: [
    EventsService,
    {
      provide: EventFeed,
      inject: [LogsService],
      useFactory: (logs: LogsService) => new EventFeed({ rowView: (row) => logs.finishedView(row) }),
    },
  ],
  exports: [EventFeed, EventsService],
})
export class EventsModule {}
