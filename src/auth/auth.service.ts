import { promisify } from 'node:util';
import { Injectable, Logger, UnauthorizedException } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Request, Response } from 'express';
import { AuditService } from '../audit/audit.service.js';
import { StorageError } from '../domain/storage-problem.js';
import type { Config } from '../config/config.js';
import { addressOf, callerOf } from '../http/caller.js';
import { TryLaterException } from '../http/problem-filter.js';
import type { LoginAnswer, LoginDto } from './auth.dto.js';
import { LoginAttempts } from './login-attempts.js';
import { isOperator, sessionCookieName } from './operator-session.js';
import { ownPath } from '../http/own-path.js';
import { digestOf, isSameSecret } from '../http/same-secret.js';

/** Where a form leads that names no page of ours. */
const homePage = '/web/';
const isForm = (request: Request): boolean => request.is('urlencoded') !== false;

const unlessStorageFails = (error: unknown): void => {
  if (!(error instanceof StorageError)) throw error;
};

/** Opens and ends the operator's session. */
@Injectable()
export class AuthService {
  private readonly logger = new Logger('Auth');
  private readonly attempts = new LoginAttempts();
  private readonly password: Buffer;

  constructor(
    settings: ConfigService<Config, true>,
    private readonly audit: AuditService,
  ) {
    this.password = digestOf(settings.get('password', { infer: true }));
  }

  /** A form that names a page of ours is led there. Throws 401 for a wrong password and 429 for the one attempt too many, also with the right password. */
  async login({ password, redirect }: Readonly<LoginDto>, request: Request, response: Response): Promise<LoginAnswer> {
    const address = addressOf(request);
    const now = Date.now();
    const waitMs = this.attempts.waitMs(address, now);
    if (waitMs !== undefined) throw new TryLaterException(429, 'too many failed logins; try again later', waitMs);
    if (!isSameSecret(digestOf(password), this.password)) {
      this.attempts.fail(address, now);
      this.logger.warn(`wrong password from ${address}`);
      // Whatever session the cookie names, it did not prove to be its owner's.
      await this.audit.noteAfterwards({ clientIp: address, session: undefined }, { action: 'login-failed' });
      throw new UnauthorizedException('the password is wrong');
    }
    this.attempts.succeed(address);
    await this.openSession(request);
    await this.audit.noteAfterwards(callerOf(request), { action: 'login' });
    if (redirect !== undefined && isForm(request)) response.status(303).location(ownPath(redirect) ?? homePage);
    return { status: 'success' };
  }

  /** Has whoever asks logged in? Also answered for a request that was refused before its session was read. */
  isOperator(request: Request): boolean {
    // Declared as always there; it is only once the session has been read.
    const session: Request['session'] | undefined = request.session;
    return session?.operator === true;
  }

  /** Ends the session here, not only in the browser. Does nothing for whoever has none. */
  async logout(request: Request, response: Response): Promise<LoginAnswer> {
    if (isOperator(request)) {
      const caller = callerOf(request);
      await promisify(request.session.destroy.bind(request.session))();
      await this.audit.noteAfterwards(caller, { action: 'logout' });
    }
    response.clearCookie(sessionCookieName, { path: '/', httpOnly: true, sameSite: 'lax' });
    return { status: 'success' };
  }

  /** A new id at login: one that somebody planted before is worth nothing after. */
  private async openSession(request: Request): Promise<void> {
    // The new one is made in any case; one before it that the database cannot forget now ends with its cookie.
    await promisify(request.session.regenerate.bind(request.session))().catch(unlessStorageFails);
    request.session.operator = true;
    await promisify(request.session.save.bind(request.session))();
  }
}
