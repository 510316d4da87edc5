import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One row of `log_tallies`: how many log rows of an hour are of one kind. Written in the same transaction as the rows, so
 * that a filtered list knows its length, and where its rows are, without visiting millions of them.
 */
@Entity({ name: 'log_tallies', withoutRowid: true })
export class LogTallyEntity {
  /** Start of the hour, unix ms. */
  @PrimaryColumn({ type: 'bigint' })
  readonly hour!: number;

  /** 0 where the log row has none. */
  @PrimaryColumn({ type: 'integer', name: 'channel_id' })
  readonly channelId!: number;

  /** Empty where the log row has none. */
  @PrimaryColumn({ type: 'text', name: 'channel_name' })
  readonly channelName!: string;

  @PrimaryColumn({ type: 'text' })
  readonly model!: string;

  @PrimaryColumn({ type: 'integer', name: 'status_code' })
  readonly statusCode!: number;

  @Column({ type: 'integer', name: 'row_count' })
  readonly rowCount!: number;
}
