import { Module } from '@nestjs/common';
import { MemoryRotationCursor } from './memory-rotation-cursor.js';
import { RoundRobinService } from './round-robin.service.js';

@Module({
  providers: [RoundRobinService, { provide: MemoryRotationCursor, useFactory: () => new MemoryRotationCursor() }],
  exports: [MemoryRotationCursor],
})
export class RoundRobinModule {}
