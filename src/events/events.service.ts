import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CooldownService } from '../cooldown/cooldown.service.js';
import { secondMs } from '../domain/time.js';
import { TryLaterException } from '../http/problem-filter.js';
import { EventFeed } from './event-feed.js';
import { readersMax } from './event-readers.js';
import type { LiveView } from './live-view.js';

const comeBackMs = 10 * secondMs;

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // For reverse proxies that would gather events before they pass them on.
  'X-Accel-Buffering': 'no',
};

/** Brings readers to the feed, and the news of the control plane. */
@Injectable()
export class EventsService implements OnModuleInit, OnApplicationShutdown {
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly feed: EventFeed,
    private readonly cooldowns: CooldownService,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.cooldowns.onChange((change) => this.feed.cooldownChanged(change));
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    this.feed.close();
  }

  /** Model calls under way now. */
  get live(): LiveView {
    return this.feed.live;
  }

  /** Answers with a stream that goes on until the reader leaves. Throws 503 when there are as many readers as may be. */
  open(request: Request, response: Response): void {
    if (this.feed.size >= readersMax) throw new TryLaterException(503, `at most ${readersMax} may listen at a time`, comeBackMs);
    response.status(200).set(streamHeaders);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    if (!this.feed.add(response)) response.end();
  }
}
