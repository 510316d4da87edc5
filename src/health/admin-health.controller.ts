import { Controller, Get } from '@nestjs/common';
import { enveloped, type Envelope } from '../http/envelope.js';
import type { HealthView } from './health-view.js';
import { healthDocs } from './health.docs.js';
import { HealthService } from './health.service.js';

@Controller('admin/health')
export class AdminHealthController {
  constructor(private readonly health: HealthService) {}

  @Get() @healthDocs.report report(): Envelope<HealthView> {
    return enveloped(this.health.report());
  }
}
