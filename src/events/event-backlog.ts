import type { AttemptRecord } from '../domain/call.js';

/** Rows and cooldowns that may wait for the next tick; at four ticks a second nobody reads more. */
export const backlogRowsMax = 200;
export const backlogCooldownsMax = 200;

/** A cooldown that began, changed or was lifted. */
export interface CooldownNews {
  readonly channelId: number;
  readonly model: string | undefined;
  readonly cooldown: { readonly until: number; readonly durationMs: number; readonly reason: string } | undefined;
}

/** What happened since the last tick. */
export interface News {
  readonly rows: readonly AttemptRecord[];
  readonly cooldowns: readonly CooldownNews[];
  /** Rows and cooldowns that there was no room for. */
  readonly skipped: number;
}

/** Gathers news between two ticks; of one cooldown only the last state counts. */
export class EventBacklog {
  private rows: AttemptRecord[] = [];
  private readonly cooldowns = new Map<string, CooldownNews>();
  private skipped = 0;

  addRow(row: AttemptRecord): void {
    if (this.rows.length < backlogRowsMax) this.rows.push(row);
    else this.skipped += 1;
  }

  addCooldown(news: CooldownNews): void {
    const scope = `${news.channelId} ${news.model ?? ''}`;
    if (this.cooldowns.has(scope) || this.cooldowns.size < backlogCooldownsMax) this.cooldowns.set(scope, news);
    else this.skipped += 1;
  }

  take(): News {
    const news = { rows: this.rows, cooldowns: [...this.cooldowns.values()], skipped: this.skipped };
    this.clear();
    return news;
  }

  clear(): void {
    this.rows = [];
    this.cooldowns.clear();
    this.skipped = 0;
  }
}
