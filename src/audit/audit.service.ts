import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import type { Caller } from '../http/caller.js';
import { shortened, type AuditAction } from './audit-event.js';
import type { AuditQueryDto } from './audit-query.dto.js';
import { auditView, type AuditView } from './audit-view.js';
import type { AuditRepository } from './audit.repository.js';

const limitDefault = 200;

/** What was done, and to what; never with a key in it. */
export interface Deed {
  readonly action: AuditAction;
  readonly target?: string;
  readonly detail?: string;
}

export interface AuditPageView {
  readonly rows: readonly AuditView[];
  readonly count: number;
}

/** Notes what operators do, and what strangers try. */
@Injectable()
export class AuditService {
  private readonly logger = new Logger('Audit');
  private readonly table: Remote<AuditRepository>;

  constructor(database: Database) {
    this.table = database.remote('audit');
  }

  /** Resolves once it is stored. Rejects when it cannot be: what must not happen unnoticed waits for this. */
  async note(caller: Caller, { action, target, detail = '' }: Deed): Promise<void> {
    await this.table.append({
      time: Date.now(),
      action,
      actor: caller.session,
      clientIp: caller.clientIp,
      target,
      detail: shortened(detail),
    });
  }

  /** For what has happened already and is not undone for want of a note. Never rejects. */
  async noteAfterwards(caller: Caller, deed: Deed): Promise<void> {
    try {
      await this.note(caller, deed);
    } catch (error) {
      const what = deed.target === undefined ? deed.action : `${deed.action} ${deed.target}`;
      this.logger.warn(`${what} is missing in the audit log: ${String(error)}`);
    }
  }

  async page({ offset = 0, limit = limitDefault }: AuditQueryDto): Promise<AuditPageView> {
    const { rows, count } = await this.table.page(offset, limit);
    return { rows: rows.map(auditView), count };
  }
}
