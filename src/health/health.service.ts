import { Injectable } from '@nestjs/common';
import type { CallsUnderWay } from '../domain/ports.js';
import { LogsService } from '../logs/logs.service.js';
import { storageView, uncleanEndView, type HealthView } from './health-view.js';
import { RunLedger } from './run-ledger.js';

/** How the program is, for operators. */
@Injectable()
export class HealthService {
  constructor(
    private readonly ledger: RunLedger,
    private readonly logs: LogsService,
  ) {}

  report(): HealthView {
    return { storage: storageView(this.ledger.trouble, this.logs.queue), unclean_end: uncleanEndView(this.ledger.uncleanEnd) };
  }

  /** The data plane says where its calls can be seen. */
  watch(calls: CallsUnderWay): void {
    this.ledger.watchCalls(calls);
  }
}
