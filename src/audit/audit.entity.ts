import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `audit`. */
@Entity('audit')
@Index('audit_action', ['action'])
export class AuditEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column({ type: 'bigint' })
  readonly time!: number;

  @Column({ type: 'text' })
  readonly action!: string;

  @Column({ type: 'text', nullable: true })
  readonly actor!: string | null;

  @Column({ type: 'text', name: 'client_ip' })
  readonly clientIp!: string;

  @Column({ type: 'text', nullable: true })
  readonly target!: string | null;

  @Column({ type: 'text' })
  readonly detail!: string;
}
