import { Controller, Get, Query } from '@nestjs/common';
import { enveloped, type Envelope } from '../http/envelope.js';
import { adminStatsDocs } from './admin-stats.docs.js';
import type { MetricsPointView } from './metrics-view.js';
import { MetricsQueryDto, StatsQueryDto } from './stats-query.dto.js';
import type { StatsView } from './stats-view.js';
import { StatsService } from './stats.service.js';

@Controller('admin')
export class AdminStatsController {
  constructor(private readonly stats: StatsService) {}

  @Get('metrics') @adminStatsDocs.metrics async metrics(@Query() query: MetricsQueryDto): Promise<Envelope<readonly MetricsPointView[]>> {
    return enveloped(await this.stats.metrics(query));
  }

  @Get('stats') @adminStatsDocs.kinds async kinds(@Query() query: StatsQueryDto): Promise<Envelope<readonly StatsView[]>> {
    return enveloped(await this.stats.kinds(query));
  }
}
