import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** One row of `cooldowns`: a channel that cools for every model. Deleted with its channel. */
@Entity('cooldowns')
export class CooldownEntity {
  @ForeignKey('ChannelEntity', { name: 'fk_cooldowns_channel', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'integer', name: 'channel_id' })
  readonly channelId!: number;

  @Column({ type: 'bigint' })
  readonly until!: number;

  @Column({ type: 'bigint', name: 'duration_ms' })
  readonly durationMs!: number;

  @Column({ type: 'text' })
  readonly reason!: string;

  /** The place of the cooldown (domain/cooldown-merge). */
  @Column({ type: 'bigint' })
  readonly since!: number;
}
