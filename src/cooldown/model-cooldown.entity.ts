import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** One row of `model_cooldowns`: a channel that cools for one model only. Deleted with its channel. */
@Entity('model_cooldowns')
export class ModelCooldownEntity {
  @ForeignKey('ChannelEntity', { name: 'fk_model_cooldowns_channel', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'integer', name: 'channel_id' })
  readonly channelId!: number;

  @PrimaryColumn({ type: 'text' })
  readonly model!: string;

  @Column({ type: 'bigint' })
  readonly until!: number;

  @Column({ type: 'bigint', name: 'duration_ms' })
  readonly durationMs!: number;

  @Column({ type: 'text' })
  readonly reason!: string;

  @Column({ type: 'bigint' })
  readonly since!: number;
}
