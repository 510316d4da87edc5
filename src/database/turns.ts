import type { EntityManager } from 'typeorm';
import { isPostgres } from './dialect.js';

/** What only one replica may do at a time; the numbers are ours alone and never change. */
const turns = { opening: 7_204_001, log: 7_204_002, channels: 7_204_003, cooldowns: 7_204_004, rotation: 7_204_005 } as const;

/**
 * Waits until no other replica is in a transaction that has taken this turn, and keeps it to the end of this one. Costs
 * nothing on SQLite, where one writer has the file to itself.
 */
export const takeTurn = async (manager: EntityManager, turn: keyof typeof turns): Promise<void> => {
  if (isPostgres(manager.dataSource)) await manager.query(`SELECT pg_advisory_xact_lock(${turns[turn]})`);
};
