import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One row of `sessions`. */
@Entity('sessions')
@Index('sessions_expiry', ['expiresAt'])
export class SessionEntity {
  @PrimaryColumn({ type: 'text' })
  readonly id!: string;

  @Column({ type: 'text' })
  readonly data!: string;

  @Column({ type: 'bigint', name: 'expires_at' })
  readonly expiresAt!: number;
}
