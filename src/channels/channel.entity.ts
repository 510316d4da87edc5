import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** One row of `channels`, with the columns of the first public ccLoad. */
@Entity('channels')
@Unique('channels_name', ['name'])
export class ChannelEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  readonly id!: number;

  @Column({ type: 'text' })
  readonly name!: string;

  @Column({ type: 'text', name: 'api_key' })
  readonly apiKey!: string;

  @Column({ type: 'text' })
  readonly url!: string;

  @Column({ type: 'integer' })
  readonly priority!: number;

  /** A JSON array of strings, as text. */
  @Column({ type: 'text' })
  readonly models!: string;

  @Column({ type: 'boolean' })
  readonly enabled!: boolean;

  @Column({ type: 'bigint', name: 'created_at' })
  readonly createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at' })
  readonly updatedAt!: number;
}
