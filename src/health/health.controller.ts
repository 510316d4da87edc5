import { Controller, Get, HttpException, HttpStatus } from '@nestjs/common';
import { storageSentences } from '../domain/storage-problem.js';
import type { StorageView } from './health-view.js';
import { healthDocs } from './health.docs.js';
import { HealthService } from './health.service.js';
import { Readiness, type ReadinessState } from './readiness.js';

interface StatusAnswer {
  readonly status: string;
}

interface ReadyAnswer extends StatusAnswer {
  /** What an operator should mend although calls are served. */
  readonly problem?: string;
}

/** A full disk is no reason to be sent no work: every replica may have one, and all of them relay. */
const statusOrRefuse = (state: ReadinessState, storage: StorageView): ReadyAnswer => {
  switch (state) {
    case 'ready':
      return storage.sentence === null ? { status: state } : { status: state, problem: `nothing can be stored: ${storage.sentence}` };
    case 'server-silent':
      return { status: 'ready', problem: `nothing can be stored: ${storage.sentence ?? storageSentences.unreachable}` };
    case 'draining':
      throw new HttpException('draining: send new work elsewhere', HttpStatus.SERVICE_UNAVAILABLE);
    case 'database-silent':
      throw new HttpException('the database does not answer', HttpStatus.SERVICE_UNAVAILABLE);
  }
};

/** Express answers HEAD wherever it answers GET. */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly reports: HealthService,
  ) {}

  /** Claude Code asks `HEAD /` before it begins. */
  @Get() @healthDocs.greeting greeting(): StatusAnswer & { readonly name: string } {
    return { name: 'ccload', status: 'ok' };
  }

  @Get('health') @healthDocs.health health(): StatusAnswer {
    return { status: 'ok' };
  }

  @Get('ready') @healthDocs.ready async ready(): Promise<ReadyAnswer> {
    return statusOrRefuse(await this.readiness.state(), this.reports.report().storage);
  }
}
