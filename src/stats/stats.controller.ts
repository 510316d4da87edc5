import { Controller, Get } from '@nestjs/common';
import { enveloped, type Envelope } from '../http/envelope.js';
import { statsDocs } from './stats.docs.js';
import { StatsService } from './stats.service.js';
import type { SummaryView } from './summary-view.js';

@Controller('public')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get('summary') @statsDocs.summary async summary(): Promise<Envelope<SummaryView>> {
    return enveloped(await this.stats.summary());
  }
}
