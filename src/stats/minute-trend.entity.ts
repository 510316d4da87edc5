import { Column, Entity, PrimaryColumn } from 'typeorm';
import { firstByteClasses } from './trend-columns.js';
import { TrendCounts } from './trend-counts.entity.js';

/**
 * One row of `minute_trends`: what a minute, or five, of requests through one channel come to, for curves finer than an
 * hour. Every request is in both widths, so that long curves read a fifth of the rows.
 */
@Entity({ name: 'minute_trends', withoutRowid: true })
export class MinuteTrendEntity extends TrendCounts {
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
}

// Rows from before these columns counted no classes.
for (const name of firstByteClasses) Column({ type: 'integer', name, default: 0 })(MinuteTrendEntity.prototype, name);
