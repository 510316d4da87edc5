import { Column } from 'typeorm';

/** What both trend tables count. */
export abstract class TrendCounts {
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
