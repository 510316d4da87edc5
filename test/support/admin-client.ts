import { send, type Answer, type Ask } from './client.js';

/** A row of `GET /admin/logs`, as far as tests look at it. */
export interface LogRow {
  readonly id: number;
  readonly request_id: string;
  readonly attempt: number;
  readonly final: boolean;
  readonly model: string;
  readonly channel_id: number | null;
  readonly channel_name: string | null;
  readonly path: string;
  readonly status_code: number;
  readonly message: string;
  readonly is_streaming: boolean;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_creation_tokens: number | null;
  readonly usage_incomplete: boolean;
  readonly token_label: string | null;
  readonly client_ip: string;
  readonly trace: readonly { readonly channel_id: number; readonly channel_name: string; readonly note: string }[] | null;
}

/** A channel of `GET /admin/channels`, as far as tests look at it. */
export interface ChannelRow {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly cooldown_remaining_ms?: number | null;
}

export interface NewChannel {
  readonly url: string;
  readonly models: readonly string[];
  readonly priority?: number;
  readonly name?: string;
  readonly api_key?: string;
  readonly enabled?: boolean;
}

/** The key every test channel gets unless it names another; upstreams may look for it. */
export const channelKey = 'sk-test-channel-key-0123456789';

let channelsMade = 0;

/** The operator: holds a session cookie and speaks the admin REST API. */
export class AdminClient {
  private constructor(
    private readonly port: number,
    private readonly cookie: string,
  ) {}

  static async login(port: number, password: string): Promise<AdminClient> {
    const answer = await send(port, {
      path: '/login',
      headers: [['content-type', 'application/json']],
      body: JSON.stringify({ password }),
    });
    const cookie = answer.header('set-cookie')?.split(';')[0];
    if (answer.status !== 200 || cookie === undefined) throw new Error(`login failed: ${answer.status} ${answer.text}`);
    return new AdminClient(port, cookie);
  }

  /** The session's cookie as the browser would send it: `name=value`. */
  get sessionCookie(): string {
    return this.cookie;
  }

  /** Any request at all, with the session's cookie. */
  send(ask: Ask): Promise<Answer> {
    return send(this.port, { ...ask, headers: [['cookie', this.cookie], ...(ask.headers ?? [])] });
  }

  request(method: string, path: string, value?: unknown): Promise<Answer> {
    const headers = [['content-type', 'application/json']] as const;
    return this.send({ method, path, headers, ...(value === undefined ? {} : { body: JSON.stringify(value) }) });
  }

  private async data<T>(method: string, path: string, value?: unknown): Promise<T> {
    const answer = await this.request(method, path, value);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    const envelope: { readonly data: T } = JSON.parse(answer.text);
    return envelope.data;
  }

  /** Adds an enabled channel and returns its id. */
  async addChannel(channel: NewChannel): Promise<number> {
    channelsMade += 1;
    const defaults = { name: `channel-${channelsMade}`, api_key: channelKey };
    return (await this.data<ChannelRow>('POST', '/admin/channels', { ...defaults, ...channel })).id;
  }

  updateChannel(id: number, change: object): Promise<ChannelRow> {
    return this.data('PUT', `/admin/channels/${id}`, change);
  }

  channels(): Promise<readonly ChannelRow[]> {
    return this.data('GET', '/admin/channels');
  }

  logRows(query: string): Promise<readonly LogRow[]> {
    return this.data('GET', `/admin/logs?${query}`);
  }
}
