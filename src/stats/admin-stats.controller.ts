import { Controller, Get, Header, Query } from '@nestjs/common';
import { enveloped, envelopedJson, jsonType, type Envelope } from '../http/envelope.js';
import { adminStatsDocs } from './admin-stats.docs.js';
import { MetricsQueryDto, StatsQueryDto } from './stats-query.dto.js';
import type { StatsView } from './stats-view.js';
import { StatsService } from './stats.service.js';

@Controller('admin')
export class AdminStatsController {
  constructor(private readonly stats: StatsService) {}

  /** `Envelope<readonly MetricsPointView[]>`, which comes from the database's thread as it goes out. */
  @Get('metrics') @Header('content-type', jsonType) @adminStatsDocs.metrics async metrics(@Query() query: MetricsQueryDto): Promise<string> {
    return envelopedJson(await this.stats.metricsJson(query));
  }

  @Get('stats') @adminStatsDocs.kinds async kinds(@Query() query: StatsQueryDto): Promise<Envelope<readonly StatsView[]>> {
    return enveloped(await this.stats.kinds(query));
  }
}
