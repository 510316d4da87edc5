import type { EpochMs } from '../domain/time.js';

/** What is noted: who got in or did not, what was changed, and when a key left in clear. */
export type AuditAction =
  | 'login'
  | 'login-failed'
  | 'logout'
  | 'channel-created'
  | 'channel-updated'
  | 'channel-deleted'
  | 'key-shown'
  | 'channels-exported'
  | 'channels-imported'
  | 'cooldown-set'
  | 'cooldown-cleared';

/** One thing somebody did. Never holds a key, a password or a token. */
export interface AuditEvent {
  readonly time: EpochMs;
  readonly action: AuditAction;
  /** A name for the session, made from a digest of its id; `undefined` for whoever has none. */
  readonly actor: string | undefined;
  readonly clientIp: string;
  /** What it was done to, e.g. `channel 5`. */
  readonly target: string | undefined;
  /** At most `auditDetailCharsMax`. */
  readonly detail: string;
}

/** One page of the audit log, newest first, and how many events there are in all. */
export interface AuditPage {
  /** A row that another version wrote may have an action that this one does not know. */
  readonly rows: readonly (Omit<AuditEvent, 'action'> & { readonly id: number; readonly action: string })[];
  readonly count: number;
}

export const auditDetailCharsMax = 512;

/** Failed logins are kept apart: a stranger who guesses passwords must not push out what the operator did. */
export const failedLoginRowsMax = 10_000;
/** Everything else that is kept. */
export const auditRowsMax = 50_000;

/** The beginning of a text, cut between characters and marked when something is missing. */
export const shortened = (text: string, charsMax: number = auditDetailCharsMax): string => {
  if (text.length <= charsMax) return text;
  const cut = text.slice(0, charsMax - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};
