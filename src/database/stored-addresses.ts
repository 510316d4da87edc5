import type { DataSource } from 'typeorm';

/** A channel as the database has it, whatever version wrote it. */
export interface StoredAddress {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
}

interface AddressRow {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly enabled: number | boolean;
}

export const addressOf = ({ id, name, url, enabled }: AddressRow): StoredAddress => ({ id, name, url, enabled: Boolean(enabled) });

export const storedAddresses = async (reader: DataSource): Promise<readonly StoredAddress[]> => {
  const rows: readonly AddressRow[] = await reader.query('SELECT id, name, url, enabled FROM channels ORDER BY id');
  return rows.map(addressOf);
};
