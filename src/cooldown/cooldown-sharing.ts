import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { NewsLine } from '../domain/news.js';
import { secondMs } from '../domain/time.js';
import { CooldownService } from './cooldown.service.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';
import { SharedCooldowns } from './shared-cooldowns.js';

/** Shares this program's cooldowns with its replicas, from its start to its end. */
@Injectable()
export class CooldownSharing implements OnModuleInit, OnApplicationShutdown {
  private readonly shared: SharedCooldowns;

  constructor(book: MemoryCooldownBook, line: NewsLine, cooldowns: CooldownService) {
    this.shared = new SharedCooldowns(book, line, () => void cooldowns.reconcile());
  }

  onModuleInit(): void {
    this.shared.begin();
  }

  onApplicationShutdown(): void {
    this.shared.end();
  }

  @Interval(secondMs) renewProbes(): void {
    this.shared.renewProbes();
  }
}
