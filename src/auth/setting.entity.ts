import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `settings`. */
@Entity('settings')
export class SettingEntity {
  @PrimaryColumn({ type: 'text' })
  readonly key!: string;

  @Column({ type: 'text' })
  readonly value!: string;
}
