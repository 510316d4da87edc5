import { Controller, Get, HttpException, HttpStatus } from '@nestjs/common';
import { healthDocs } from './health.docs.js';
import { Readiness, type ReadinessState } from './readiness.js';

interface StatusAnswer {
  readonly status: string;
}

const statusOrRefuse = (state: ReadinessState): StatusAnswer => {
  switch (state) {
    case 'ready':
      return { status: state };
    case 'draining':
      throw new HttpException('draining: send new work elsewhere', HttpStatus.SERVICE_UNAVAILABLE);
    case 'database-silent':
      throw new HttpException('the database does not answer', HttpStatus.SERVICE_UNAVAILABLE);
  }
};

/** Express answers HEAD wherever it answers GET. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Claude Code asks `HEAD /` before it begins. */
  @Get() @healthDocs.greeting greeting(): StatusAnswer & { readonly name: string } {
    return { name: 'ccload', status: 'ok' };
  }

  @Get('health') @healthDocs.health health(): StatusAnswer {
    return { status: 'ok' };
  }

  @Get('ready') @healthDocs.ready async ready(): Promise<StatusAnswer> {
    return statusOrRefuse(await this.readiness.state());
  }
}
