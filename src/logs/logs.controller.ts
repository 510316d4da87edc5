import { Controller, Get, Header, Query } from '@nestjs/common';
import { jsonType, pageEnvelopedJson } from '../http/envelope.js';
import { LogQueryDto } from './log-query.dto.js';
import { logDocs } from './logs.docs.js';
import { LogsService } from './logs.service.js';

/** `/admin/errors` is the first ccLoad's name for the same list. */
@Controller(['admin/logs', 'admin/errors'])
export class LogsController {
  constructor(private readonly logs: LogsService) {}

  /** `Envelope<readonly LogView[]>`, which comes from the database's thread as it goes out. */
  @Get() @Header('content-type', jsonType) @logDocs.page async page(@Query() query: LogQueryDto): Promise<string> {
    const { json, count } = await this.logs.pageJson(query);
    return pageEnvelopedJson(json, count);
  }
}
