import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `logs`: an attempt. It outlives its channel, so it repeats the name and refers to nothing. */
@Entity('logs')
@Index('logs_time', ['time', 'final', 'statusCode'])
@Index('logs_kind', ['model', 'channelId', 'statusCode', 'time'])
@Index('logs_request', ['requestId'])
export class LogEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  /** When the attempt began, unix ms. */
  @Column({ type: 'bigint' })
  readonly time!: number;

  @Column({ type: 'text', name: 'request_id' })
  readonly requestId!: string;

  @Column({ type: 'integer' })
  readonly attempt!: number;

  @Column({ type: 'boolean' })
  readonly final!: boolean;

  @Column({ type: 'text' })
  readonly model!: string;

  @Column({ type: 'integer', name: 'channel_id', nullable: true })
  readonly channelId!: number | null;

  @Column({ type: 'text', name: 'channel_name', nullable: true })
  readonly channelName!: string | null;

  @Column({ type: 'text' })
  readonly path!: string;

  @Column({ type: 'integer', name: 'status_code' })
  readonly statusCode!: number;

  @Column({ type: 'text' })
  readonly message!: string;

  /** Seconds. */
  @Column({ type: 'real' })
  readonly duration!: number;

  @Column({ type: 'boolean', name: 'is_streaming' })
  readonly isStreaming!: boolean;

  /** Seconds. */
  @Column({ type: 'real', name: 'first_byte_time', nullable: true })
  readonly firstByteTime!: number | null;

  /** The four token columns are NULL together when the upstream reported nothing. */
  @Column({ type: 'integer', name: 'input_tokens', nullable: true })
  readonly inputTokens!: number | null;

  @Column({ type: 'integer', name: 'output_tokens', nullable: true })
  readonly outputTokens!: number | null;

  @Column({ type: 'integer', name: 'cache_read_tokens', nullable: true })
  readonly cacheReadTokens!: number | null;

  @Column({ type: 'integer', name: 'cache_creation_tokens', nullable: true })
  readonly cacheCreationTokens!: number | null;

  @Column({ type: 'boolean', name: 'usage_incomplete' })
  readonly usageIncomplete!: boolean;

  @Column({ type: 'text', name: 'client_ip' })
  readonly clientIp!: string;

  @Column({ type: 'text', name: 'token_label', nullable: true })
  readonly tokenLabel!: string | null;

  /** The decision trace as a JSON array. */
  @Column({ type: 'text', nullable: true })
  readonly trace!: string | null;
}
