import { messageOf } from '../database/error-message.js';
import { minuteMs } from '../domain/time.js';
import { failed, type Failed } from './command.js';
import { parseEnvelope } from './parse-reply.js';

/** Longest wait for an answer; an import of 10 MiB and a test of a slow channel need the most. */
const answerMsMax = 2 * minuteMs;

/** An answer that did what was asked. */
export interface Reply {
  readonly kind: 'reply';
  readonly text: string;
  /** The envelope's, of an answer in JSON. */
  readonly data: unknown;
  readonly headers: Headers;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON, or as a form when it is one. */
  readonly body?: object;
}

/** Why a call failed: what fetch says is only that it did, its cause says why. */
export const reasonOf = (error: unknown): string => {
  const isCaused = typeof error === 'object' && error !== null && 'cause' in error && error.cause !== undefined;
  const cause = messageOf(isCaused ? error.cause : error);
  return cause === '' ? 'the connection failed' : cause;
};

/** The administration of one gateway, as its operator. */
export class AdminApi {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  /** `url` has no slash at its end. */
  static async login(url: string, password: string): Promise<AdminApi | Failed> {
    const reply = await new AdminApi(url, '').call({ method: 'POST', path: '/login', body: { password } });
    if (reply.kind === 'failed') return reply;
    const cookies = reply.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    return new AdminApi(url, cookies.join('; '));
  }

  /** Ends the session, so that a command leaves none behind. What goes wrong here changes nothing for the command. */
  async logout(): Promise<void> {
    await this.call({ method: 'POST', path: '/logout' });
  }

  async call({ method, path, body }: ApiCall): Promise<Reply | Failed> {
    const isForm = body instanceof FormData;
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(answerMsMax),
        headers: { ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      });
      // Not text(): that would take away the mark that tells a spreadsheet that a CSV file is UTF-8.
      const text = Buffer.from(await response.arrayBuffer()).toString();
      const { data, error } = parseEnvelope(text);
      if (response.ok) return { kind: 'reply', text, data, headers: response.headers };
      return failed(this.refusal(response.status, error ?? `it answered ${response.status}`, path));
    } catch (error) {
      return failed(`The gateway at ${this.url} did not answer: ${reasonOf(error)}.`);
    }
  }

  private refusal(status: number, sentence: string, path: string): string {
    if (path === '/login' && status === 401) return `The gateway at ${this.url} does not take this password; CCLOAD_PASS must be the gateway's own.`;
    return `The gateway refused: ${sentence}.`;
  }
}
