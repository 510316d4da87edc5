import { Controller, Get, Query } from '@nestjs/common';
import { pageEnveloped, type Envelope } from '../http/envelope.js';
import { LogQueryDto } from './log-query.dto.js';
import type { LogView } from './log-view.js';
import { logDocs } from './logs.docs.js';
import { LogsService } from './logs.service.js';

/** `/admin/errors` is the first ccLoad's name for the same list. */
@Controller(['admin/logs', 'admin/errors'])
export class LogsController {
  constructor(private readonly logs: LogsService) {}

  @Get() @logDocs.page async page(@Query() query: LogQueryDto): Promise<Envelope<readonly LogView[]>> {
    const { rows, count } = await this.logs.page(query);
    return pageEnveloped(rows, count);
  }
}
