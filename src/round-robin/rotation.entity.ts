import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `rr`. */
@Entity('rr')
export class RotationEntity {
  @PrimaryColumn({ type: 'text' })
  readonly model!: string;

  @PrimaryColumn({ type: 'integer' })
  readonly priority!: number;

  @Column({ type: 'integer', name: 'next_index' })
  readonly nextIndex!: number;
}
