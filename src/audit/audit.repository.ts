import { Equal, LessThan, Not, type DataSource, type FindOptionsWhere, type Repository } from 'typeorm';
import { auditRowsMax, failedLoginRowsMax, type AuditAction, type AuditEvent, type AuditPage } from './audit-event.js';
import { AuditEntity } from './audit.entity.js';

/** Inserts between two looks at what is too old: the table is at most this much larger than its bounds. */
const insertsPerTrim = 100;

const failedLogin: AuditAction = 'login-failed';

export interface AuditBounds {
  readonly rowsMax: number;
  readonly failedLoginsMax: number;
}

/** The audit log in its table: written row by row, read newest first, and trimmed as it grows. */
export class AuditRepository {
  private readonly rows: Repository<AuditEntity>;

  constructor(
    dataSource: DataSource,
    private readonly bounds: AuditBounds = { rowsMax: auditRowsMax, failedLoginsMax: failedLoginRowsMax },
  ) {
    this.rows = dataSource.getRepository(AuditEntity);
  }

  async append({ actor, target, ...event }: AuditEvent): Promise<void> {
    const { identifiers } = await this.rows.insert({ ...event, actor: actor ?? null, target: target ?? null });
    if (Number(identifiers[0]?.['id']) % insertsPerTrim === 0) await this.trim();
  }

  async page(offset: number, limit: number): Promise<AuditPage> {
    const [rows, count] = await this.rows.findAndCount({ order: { id: 'DESC' }, skip: offset, take: limit });
    return {
      rows: rows.map(({ actor, target, ...row }) => ({ ...row, actor: actor ?? undefined, target: target ?? undefined })),
      count,
    };
  }

  private async trim(): Promise<void> {
    await this.keepNewest({ action: Equal(failedLogin) }, this.bounds.failedLoginsMax);
    await this.keepNewest({ action: Not(Equal(failedLogin)) }, this.bounds.rowsMax);
  }

  private async keepNewest(which: FindOptionsWhere<AuditEntity>, rowsMax: number): Promise<void> {
    const [oldestKept] = await this.rows.find({ select: { id: true }, where: which, order: { id: 'DESC' }, skip: rowsMax - 1, take: 1 });
    if (oldestKept !== undefined) await this.rows.delete({ ...which, id: LessThan(oldestKept.id) });
  }
}
