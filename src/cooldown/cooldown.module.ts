import { Module } from '@nestjs/common';
import { CooldownService } from './cooldown.service.js';
import { MemoryCooldownBook } from './memory-cooldown-book.js';

@Module({
  providers: [
    CooldownService,
    { provide: MemoryCooldownBook, useFactory: () => new MemoryCooldownBook({ random: Math.random }) },
  ],
  exports: [CooldownService, MemoryCooldownBook],
})
export class CooldownModule {}
