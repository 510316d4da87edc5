import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `runs`: one life of the program. */
@Entity('runs')
export class RunEntity {
  @PrimaryGeneratedColumn()
  readonly id!: number;

  @Column({ type: 'bigint', name: 'started_at' })
  readonly startedAt!: number;

  /** When the columns below were last brought up to date. */
  @Column({ type: 'bigint', name: 'seen_at' })
  readonly seenAt!: number;

  /** NULL until the program ends properly. */
  @Column({ type: 'bigint', name: 'ended_at', nullable: true })
  readonly endedAt!: number | null;

  /** From when ids told what a run had stored; 0 since they no longer do. */
  @Column({ type: 'bigint', name: 'log_id_before' })
  readonly logIdBefore!: number;

  /** Log rows that this run has recorded, whether they were stored by then or waited. */
  @Column({ type: 'bigint' })
  readonly recorded!: number;

  /** Log rows that this run has stored: counted in the transaction that stores them. */
  @Column({ type: 'bigint', default: 0 })
  readonly stored!: number;

  @Column({ type: 'integer', name: 'rows_per_second' })
  readonly rowsPerSecond!: number;

  @Column({ type: 'integer', name: 'calls_under_way' })
  readonly callsUnderWay!: number;
}
