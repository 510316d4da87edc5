import type { AttemptRecord } from '../domain/call.js';
import type { CallSink, CallsUnderWay } from '../domain/ports.js';
import { secondMs } from '../domain/time.js';
import { EventBacklog, type CooldownNews } from './event-backlog.js';
import { EventReaders, type ReaderAnswer } from './event-readers.js';
import { eventText, heartbeatText, retryText } from './event-text.js';
import { liveView, type LiveView } from './live-view.js';

export const tickMs = 250;
const liveEveryTicks = secondMs / tickMs;
const heartbeatEveryTicks = (15 * secondMs) / tickMs;

export interface EventFeedOptions {
  /** A finished request as the API shows it. */
  readonly rowView: (row: AttemptRecord) => object;
}

const cooldownView = ({ channelId, model, cooldown }: CooldownNews): object => ({
  channel_id: channelId,
  model: model ?? null,
  until: cooldown?.until ?? null,
  duration_ms: cooldown?.durationMs ?? null,
  reason: cooldown?.reason ?? null,
});

/**
 * What happens, for those who listen. While nobody does it costs one comparison per call and there is no timer; while
 * somebody does, news are gathered and written once per tick, so that a call never makes text for its watchers.
 */
export class EventFeed implements CallSink {
  private readonly readers = new EventReaders(() => this.rest());
  private readonly backlog = new EventBacklog();
  private callsUnderWay: CallsUnderWay | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ticks = 0;
  private wasQuiet = false;
  private isClosed = false;

  constructor(private readonly options: EventFeedOptions) {}

  get size(): number {
    return this.readers.size;
  }

  /** Readers that were let go because they read too slowly. */
  get dropped(): number {
    return this.readers.dropped;
  }

  /** What is under way now. */
  get live(): LiveView {
    return liveView(this.callsUnderWay);
  }

  /** The data plane says where its calls can be seen. */
  watch(calls: CallsUnderWay): void {
    this.callsUnderWay = calls;
  }

  record(attempts: readonly AttemptRecord[]): void {
    if (this.timer === undefined) return;
    for (const attempt of attempts) if (attempt.final) this.backlog.addRow(attempt);
  }

  cooldownChanged(news: CooldownNews): void {
    if (this.timer !== undefined) this.backlog.addCooldown(news);
  }

  /** Takes a reader whose headers have been sent; it is told at once what is under way. False: there are enough. */
  add(answer: ReaderAnswer): boolean {
    if (this.isClosed || !this.readers.add(answer, Date.now())) return false;
    if (this.timer === undefined) {
      this.timer = setInterval(() => this.tick(), tickMs);
      // Listening keeps nobody from ending the program.
      this.timer.unref();
    }
    this.readers.sendTo(answer, retryText + eventText('live', liveView(this.callsUnderWay)));
    return true;
  }

  /** Lets all readers go and takes no more. */
  close(): void {
    this.isClosed = true;
    this.readers.endAll();
    this.rest();
  }

  private tick(): void {
    this.ticks += 1;
    this.readers.endOld(Date.now());
    this.readers.send(this.newsText() + (this.ticks % liveEveryTicks === 0 ? this.liveText() : ''));
    if (this.ticks % heartbeatEveryTicks === 0) this.readers.send(heartbeatText);
  }

  private newsText(): string {
    const { rows, cooldowns, skipped } = this.backlog.take();
    return [
      ...rows.map((row) => eventText('log', this.options.rowView(row))),
      ...cooldowns.map((news) => eventText('cooldown', cooldownView(news))),
      ...(skipped > 0 ? [eventText('skipped', { count: skipped })] : []),
    ].join('');
  }

  /** Nothing is said twice when nothing is under way. */
  private liveText(): string {
    const live = liveView(this.callsUnderWay);
    const isQuiet = live.total === 0;
    const text = isQuiet && this.wasQuiet ? '' : eventText('live', live);
    this.wasQuiet = isQuiet;
    return text;
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.backlog.clear();
    this.wasQuiet = false;
  }
}
