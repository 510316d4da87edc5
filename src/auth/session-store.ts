import { createHash } from 'node:crypto';
import { Store, type SessionData } from 'express-session';
import type { Remote } from '../database/remote.js';
import { StorageError } from '../domain/storage-problem.js';
import type { EpochMs } from '../domain/time.js';
import { parseSessionRecord } from './parse-session-record.js';
import type { SessionRepository } from './session.repository.js';

type Done<T = undefined> = (error?: unknown, result?: T | null) => void;

/** Sessions that live in memory because the table took none; the one that was opened first makes room. */
export const unstoredSessionsMax = 100;

interface UnstoredSession {
  readonly text: string;
  readonly expiresAt: EpochMs;
}

/** The table keeps a digest: whoever reads the file cannot take over a session. */
const keyOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('base64url');

/**
 * Keeps sessions in the database, so that a restart logs nobody out. A session ends when its cookie does. While the disk is
 * full it keeps new ones in memory: the operator must be able to log in and see that.
 */
export class SessionStore extends Store {
  private readonly unstored = new Map<string, UnstoredSession>();

  constructor(
    private readonly sessions: Remote<SessionRepository>,
    private readonly lifetimeMs: number,
  ) {
    super();
  }

  override get(sessionId: string, done: Done<SessionData>): void {
    const key = keyOf(sessionId);
    const kept = this.unstored.get(key);
    if (kept !== undefined && Date.now() < kept.expiresAt) {
      done(undefined, parseSessionRecord(kept.text) ?? null);
      return;
    }
    this.sessions.read(key, Date.now()).then(
      (text) => done(undefined, text === undefined ? null : (parseSessionRecord(text) ?? null)),
      (error: unknown) => done(error),
    );
  }

  override set(sessionId: string, session: SessionData, done: Done = () => undefined): void {
    // What is left of the cookie: a session that is written again does not live longer for it.
    const expiresAt = Date.now() + (session.cookie.maxAge ?? this.lifetimeMs);
    this.write(keyOf(sessionId), { text: JSON.stringify(session), expiresAt }).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }

  override destroy(sessionId: string, done: Done = () => undefined): void {
    const key = keyOf(sessionId);
    // It was never in the table.
    if (this.unstored.delete(key)) return done();
    this.sessions.destroy(key).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }

  private async write(key: string, session: UnstoredSession): Promise<void> {
    try {
      await this.sessions.write(key, session.text, session.expiresAt);
      this.unstored.delete(key);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const [first] = this.unstored.keys();
      if (first !== undefined && this.unstored.size >= unstoredSessionsMax) this.unstored.delete(first);
      this.unstored.set(key, session);
    }
  }
}
