import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { secondMs } from '../../domain/time.js';
import type { LineEnd, LineListener } from '../database-line.js';
import { clientOptions, urlFor } from './postgres-options.js';

/** Texts that wait while one is on its way; beyond that they are lost, as they are while the way is closed. */
const waitingTextsMax = 10_000;
const reconnectEveryMs = 500;
/** A server that says nothing for so long is away; between two signs of life nobody needs to say anything. */
const silenceMsMax = 6 * secondMs;
const signOfLifeEveryMs = 2 * secondMs;

/**
 * LISTEN and NOTIFY on a connection of its own, which is made again whenever it breaks. Texts travel one behind the other,
 * each at most `textBytesMax` long.
 */
export class NotifyLine implements LineEnd {
  private client: Client | undefined;
  private channel = '';
  private waiting: string[] = [];
  private isSending = false;
  private readonly end = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly listener: LineListener,
  ) {
    this.ended = this.stayConnected();
  }

  send(text: string): void {
    if (this.client === undefined || this.waiting.length >= waitingTextsMax) return;
    this.waiting.push(text);
    if (!this.isSending) void this.sendAll();
  }

  async close(): Promise<void> {
    if (this.client !== undefined) await this.sendAll();
    this.end.abort();
    await this.ended;
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    try {
      for (let text = this.waiting.shift(); text !== undefined; text = this.waiting.shift()) {
        await this.client?.query('SELECT pg_notify($1, $2)', [this.channel, text]);
      }
    } catch {
      // The connection says so itself, and is made again.
      this.waiting = [];
    }
    this.isSending = false;
  }

  private async stayConnected(): Promise<void> {
    const { signal } = this.end;
    while (!signal.aborted) {
      await this.connection().catch(() => undefined);
      await pause(reconnectEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** From the beginning of a connection to its end. */
  private async connection(): Promise<void> {
    const client = new Client({ connectionString: urlFor(this.url, 'lax'), ...clientOptions(silenceMsMax) });
    const over = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', resolve);
    });
    client.on('notification', ({ payload }) => this.listener.heard(payload ?? ''));
    try {
      await client.connect();
      await this.open(client);
      await Promise.race([over, this.signsOfLife(client)]);
    } finally {
      this.client = undefined;
      this.waiting = [];
      client.end().catch(() => undefined);
    }
  }

  /** Several ccLoads may share a database, each in its schema. */
  private async open(client: Client): Promise<void> {
    const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema');
    this.channel = `ccload ${rows[0]?.schema ?? ''}`;
    await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    this.client = client;
    this.listener.opened();
  }

  /** Keeps a connection from looking dead while there is no news; ends when it is, or when nobody wants it any more. */
  private async signsOfLife(client: Client): Promise<void> {
    const { signal } = this.end;
    while (!signal.aborted) {
      await pause(signOfLifeEveryMs, undefined, { signal }).catch(() => undefined);
      if (this.isSending || signal.aborted) continue;
      this.isSending = true;
      await client.query('SELECT 1').finally(() => (this.isSending = false));
      if (this.waiting.length > 0) void this.sendAll();
    }
  }
}
