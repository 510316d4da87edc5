import type { DataSource } from 'typeorm';
import { takeTurn } from '../database/turns.js';
import { RotationEntity } from './rotation.entity.js';
import { rotationsMax, type RotationPosition } from './rotation-position.js';

const rowsPerStatement = 500;

/**
 * Round-robin pointers in their table, written behind the memory that rules. Replicas each turn rings of their own; what they
 * write is where the next one to start begins, and the last one to write is as good as any.
 */
export class RotationRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** What is stored, at most `rotationsMax` positions. */
  async all(): Promise<readonly RotationPosition[]> {
    const rows = await this.dataSource.manager.find(RotationEntity, { order: { model: 'ASC', priority: 'ASC' }, take: rotationsMax });
    return rows.map(({ model, priority, nextIndex }) => ({ model, priority, position: nextIndex }));
  }

  /** Stores the positions (at most one per model and priority), all or nothing. */
  async apply(positions: readonly RotationPosition[]): Promise<void> {
    if (positions.length === 0) return;
    const rows = positions.map(({ model, priority, position }) => ({ model, priority, nextIndex: position }));
    await this.dataSource.transaction(async (manager) => {
      await takeTurn(manager, 'rotation');
      for (let at = 0; at < rows.length; at += rowsPerStatement) {
        await manager.upsert(RotationEntity, rows.slice(at, at + rowsPerStatement), ['model', 'priority']);
      }
    });
  }
}
