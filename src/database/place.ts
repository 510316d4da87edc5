/** Where the tables are: a file of SQLite, or a PostgreSQL server, whose URL may hold a password and is never shown. */
export type DatabasePlace = { readonly path: string } | { readonly url: string };

export const placeOf = ({ databaseUrl, sqlitePath }: { readonly databaseUrl: string | undefined; readonly sqlitePath: string }): DatabasePlace =>
  databaseUrl === undefined ? { path: sqlitePath } : { url: databaseUrl };
