import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One row of `minute_trends`: what a minute, or five, of requests through one channel come to, for curves finer than an
 * hour. Every request is in both widths, so that long curves read a fifth of the rows.
 */
@Entity({ name: 'minute_trends', withoutRowid: true })
export class MinuteTrendEntity {
  /** Minutes: 1 or 5. */
  @PrimaryColumn({ type: 'integer' })
  readonly width!: number;

  /** Start of the row's minutes, unix ms. */
  @PrimaryColumn({ type: 'bigint' })
  readonly start!: number;

  /** 0 for requests that no channel was tried for. */
  @PrimaryColumn({ type: 'integer', name: 'channel_id' })
  readonly channelId!: number;

  @Column({ type: 'text', name: 'channel_name' })
  readonly channelName!: string;

  @Column({ type: 'integer' })
  readonly success!: number;

  @Column({ type: 'integer' })
  readonly error!: number;

  @Column({ type: 'integer', name: 'client_left' })
  readonly clientLeft!: number;

  @Column({ type: 'bigint', name: 'input_tokens' })
  readonly inputTokens!: number;

  @Column({ type: 'bigint', name: 'output_tokens' })
  readonly outputTokens!: number;

  @Column({ type: 'bigint', name: 'cache_read_tokens' })
  readonly cacheReadTokens!: number;

  @Column({ type: 'bigint', name: 'cache_creation_tokens' })
  readonly cacheCreationTokens!: number;

  @Column({ type: 'integer', name: 'first_byte_count' })
  readonly firstByteCount!: number;

  /** Seconds, summed over `first_byte_count` successes. */
  @Column({ type: 'real', name: 'first_byte_sum' })
  readonly firstByteSum!: number;
}
