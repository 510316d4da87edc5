/** A database that lives in memory only; SQLite's own name for it. */
export const inMemoryPath = ':memory:';
