import { databaseNameOf, inspectDatabase } from '../database/inspect-database.js';
import type { FileReport } from '../database/inspect-file.js';
import { done, failed, type Command } from './command.js';
import { configOf, isGatewayAt, placeIn, urlOf } from './reach.js';

const happened = (kind: Exclude<FileReport['kind'], 'refused'>, migrationsBefore: number): string => {
  switch (kind) {
    case 'original':
      return 'was taken over from the original ccLoad';
    case 'cut-off':
      return 'is rid of a half-done change and up to date';
    case 'missing':
    case 'readable':
      return migrationsBefore === 0 ? 'was made' : 'was brought up to date';
  }
};

export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the database up to date without starting the gateway',
  operands: [],
  options: {},
  details: `A gateway does the same when it starts. Stop it first: a running one knows only the tables it was started with. A database
of the original ccLoad is copied aside and taken over; stop the original too.`,
  run: async (_given, surroundings) => {
    const config = configOf(surroundings);
    if ('kind' in config) return config;
    const { keySecrets } = config;
    const place = placeIn(surroundings.folder, config);
    const path = config.databaseUrl === undefined ? config.sqlitePath : databaseNameOf(place);
    const before = await inspectDatabase(place, keySecrets);
    if (before.kind === 'refused') return failed(before.sentence);
    if (before.kind === 'readable' && before.pending.length === 0) return done(`${path} is up to date.\n`, { file: path, executed: [] });
    const url = urlOf(config);
    if (url !== undefined && (await isGatewayAt(url))) return failed(`A gateway is running at ${url}; stop it first.`);
    const opened = await surroundings.openGateway(config);
    await opened.close();
    const after = await inspectDatabase(place, keySecrets);
    if (after.kind !== 'readable') return failed(after.kind === 'refused' ? after.sentence : `${path} is not there after it was made.`);
    const had = new Set(before.kind === 'readable' ? before.executed : []);
    const executed = after.executed.filter((name) => !had.has(name));
    return done(`${path} ${happened(before.kind, had.size)}:\n${executed.map((name) => `  ${name}\n`).join('')}`, { file: path, executed });
  },
};
