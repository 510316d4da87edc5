import { Controller, Get, Query } from '@nestjs/common';
import { pageEnveloped, type Envelope } from '../http/envelope.js';
import { AuditQueryDto } from './audit-query.dto.js';
import type { AuditView } from './audit-view.js';
import { auditDocs } from './audit.docs.js';
import { AuditService } from './audit.service.js';

@Controller('admin/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get() @auditDocs.page async page(@Query() query: AuditQueryDto): Promise<Envelope<readonly AuditView[]>> {
    const { rows, count } = await this.audit.page(query);
    return pageEnveloped(rows, count);
  }
}
