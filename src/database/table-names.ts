import type { DataSource } from 'typeorm';

/** Every table but those that SQLite keeps for itself. */
export const tableNames = async (reader: DataSource): Promise<readonly string[]> => {
  const rows: readonly { name: string }[] = await reader.query(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name`,
  );
  return rows.map(({ name }) => name);
};
