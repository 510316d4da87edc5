import { createHash } from 'node:crypto';
import { Store, type SessionData } from 'express-session';
import type { Remote } from '../database/remote.js';
import { parseSessionRecord } from './parse-session-record.js';
import type { SessionRepository } from './session.repository.js';

type Done<T = undefined> = (error?: unknown, result?: T | null) => void;

/** The table keeps a digest: whoever reads the file cannot take over a session. */
const keyOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('base64url');

/** Keeps sessions in the database, so that a restart logs nobody out. A session ends when its cookie does. */
export class SessionStore extends Store {
  constructor(
    private readonly sessions: Remote<SessionRepository>,
    private readonly lifetimeMs: number,
  ) {
    super();
  }

  override get(sessionId: string, done: Done<SessionData>): void {
    this.sessions.read(keyOf(sessionId), Date.now()).then(
      (text) => done(undefined, text === undefined ? null : (parseSessionRecord(text) ?? null)),
      (error: unknown) => done(error),
    );
  }

  override set(sessionId: string, session: SessionData, done: Done = () => undefined): void {
    // What is left of the cookie: a session that is written again does not live longer for it.
    const expiresAt = Date.now() + (session.cookie.maxAge ?? this.lifetimeMs);
    this.sessions.write(keyOf(sessionId), JSON.stringify(session), expiresAt).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }

  override destroy(sessionId: string, done: Done = () => undefined): void {
    this.sessions.destroy(keyOf(sessionId)).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }
}
