import { Module } from '@nestjs/common';
import { CooldownSharing } from './cooldown-sharing.js';
import { CooldownService } from './cooldown.service.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';

@Module({
  providers: [
    CooldownService,
    CooldownSharing,
    { provide: MemoryCooldownBook, useFactory: () => new MemoryCooldownBook({ random: Math.random }) },
  ],
  exports: [CooldownService, MemoryCooldownBook],
})
export class CooldownModule {}
