import { Controller, Get, Headers, Res, UnauthorizedException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Response } from 'express';
import type { Config } from '../config/config.js';
import { metricsDocs } from './metrics.docs.js';
import { metricsGate } from './metrics-gate.js';
import { MetricsService } from './metrics.service.js';

@Controller()
export class MetricsController {
  private readonly admits: (authorization: string | undefined) => boolean;

  constructor(
    private readonly metrics: MetricsService,
    settings: ConfigService<Config, true>,
  ) {
    this.admits = metricsGate(settings.get('metricsToken', { infer: true }));
  }

  /** The type is set late: a refusal is JSON. */
  @Get('metrics') @metricsDocs.metrics
  async text(@Headers('authorization') authorization: string | undefined, @Res({ passthrough: true }) response: Response): Promise<string> {
    if (!this.admits(authorization)) throw new UnauthorizedException('send the token of CCLOAD_METRICS_TOKEN as Authorization: Bearer');
    const text = await this.metrics.text();
    response.type('text/plain; version=0.0.4; charset=utf-8');
    return text;
  }
}
