import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The only row of `trend_progress`: up to which log row the trend tables have counted. */
@Entity('trend_progress')
export class TrendProgressEntity {
  /** Always 1. */
  @PrimaryColumn({ type: 'integer' })
  readonly id!: number;

  /** Log rows up to this id are in the trends, each exactly once; ids grow and are never used twice. */
  @Column({ type: 'bigint', name: 'through_log_id' })
  readonly throughLogId!: number;
}
