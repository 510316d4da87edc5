import type { EpochMs } from '../domain/time.js';
import type { AuditPage } from './audit-event.js';

/** One event as the API shows it; time in unix ms. */
export interface AuditView {
  readonly id: number;
  readonly time: EpochMs;
  readonly action: string;
  readonly actor: string | null;
  readonly client_ip: string;
  readonly target: string | null;
  readonly detail: string;
}

export const auditView = ({ id, time, action, actor, clientIp, target, detail }: AuditPage['rows'][number]): AuditView => ({
  id,
  time,
  action,
  actor: actor ?? null,
  client_ip: clientIp,
  target: target ?? null,
  detail,
});
