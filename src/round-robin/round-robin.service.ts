import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { WriteBehind } from '../database/write-behind.js';
import { secondMs } from '../domain/time.js';
import { MemoryRotationCursor } from './memory-rotation-cursor.js';
import type { RotationPosition } from './rotation-position.js';
import type { RotationRepository } from './rotation.repository.js';

/** Carries round-robin pointers from their table to memory at the start and behind it from then on. */
@Injectable()
export class RoundRobinService implements OnModuleInit, OnApplicationShutdown {
  private readonly table: Remote<RotationRepository>;
  private readonly behind: WriteBehind<RotationPosition>;

  constructor(
    database: Database,
    private readonly cursor: MemoryRotationCursor,
  ) {
    this.table = database.remote('rotation');
    this.behind = new WriteBehind('round-robin pointers', cursor, (changes) => this.table.apply(changes));
  }

  async onModuleInit(): Promise<void> {
    this.cursor.restore(await this.table.all());
  }

  @Interval(secondMs) async flush(): Promise<void> {
    await this.behind.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.behind.flush();
  }
}
