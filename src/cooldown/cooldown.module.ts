import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Config } from '../config/config.js';
import { CooldownSharing } from './cooldown-sharing.js';
import { CooldownService } from './cooldown.service.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';
import { probeHoldMsFor } from './probe-places.js';

const bookFor = (settings: ConfigService<Config, true>): MemoryCooldownBook => {
  const probeHoldMs = probeHoldMsFor({
    connectTimeoutMs: settings.get('connectTimeoutMs', { infer: true }),
    firstEventTimeoutMs: settings.get('firstEventTimeoutMs', { infer: true }),
    responseTimeoutMs: settings.get('responseTimeoutMs', { infer: true }),
  });
  return new MemoryCooldownBook({ random: Math.random, probeHoldMs });
};

@Module({
  providers: [
    CooldownService,
    CooldownSharing,
    { provide: MemoryCooldownBook, inject: [ConfigService], useFactory: bookFor },
  ],
  exports: [CooldownService, MemoryCooldownBook],
})
export class CooldownModule {}
