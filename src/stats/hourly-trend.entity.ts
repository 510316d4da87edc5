import { Column, Entity, PrimaryColumn } from 'typeorm';
import { durationClasses, firstByteClasses } from './trend-columns.js';
import { TrendCounts } from './trend-counts.entity.js';

/** One row of `hourly_trends`: what an hour of requests for one model through one channel comes to. */
@Entity({ name: 'hourly_trends', withoutRowid: true })
export class HourlyTrendEntity extends TrendCounts {
  /** Start of the hour, unix ms. */
  @PrimaryColumn({ type: 'bigint' })
  readonly hour!: number;

  /** 0 for requests that no channel was tried for: a key column cannot be NULL. */
  @PrimaryColumn({ type: 'integer', name: 'channel_id' })
  readonly channelId!: number;

  @PrimaryColumn({ type: 'text' })
  readonly model!: string;

  /** As it was called in that hour; channels are renamed and deleted. */
  @Column({ type: 'text', name: 'channel_name' })
  readonly channelName!: string;

  /** Seconds, summed over successes. */
  @Column({ type: 'real', name: 'duration_sum' })
  readonly durationSum!: number;
}

// The two histograms: a column per class, so that SQL can add them up.
for (const name of [...durationClasses, ...firstByteClasses]) Column({ type: 'integer', name })(HourlyTrendEntity.prototype, name);
