import { isConfigProblems, loadConfig, type Config, type ConfigProblems } from '../config/config.js';
import { messageOf } from '../database/error-message.js';
import { done, type Command, type Outcome, type Surroundings } from './command.js';
import { accessFindings, channelFindings, databaseFindings, envFileFindings, portFinding } from './doctor-checks.js';
import { placeIn } from './reach.js';
import { findingLines, type Finding } from './finding.js';

const loaded = (surroundings: Surroundings): Config | ConfigProblems => {
  try {
    return loadConfig(surroundings.environment());
  } catch (error) {
    return { problems: [messageOf(error)] };
  }
};

const misconfigured = ({ problems }: ConfigProblems): readonly Finding[] => {
  const mend = 'Correct it in the environment or in .env; nothing else was looked at.';
  return problems.map((problem) => ({ verdict: 'problem', about: 'configuration', says: `${problem}.`, mend }));
};

const examined = async (config: Config, folder: string): Promise<readonly Finding[]> => {
  const database = await databaseFindings(placeIn(folder, config), config.keySecrets);
  return [
    { verdict: 'ok', about: 'configuration', says: 'every variable can be used.' },
    ...accessFindings(config),
    ...(await envFileFindings(folder)),
    ...database.findings,
    await portFinding(config),
    ...(await channelFindings(database.channels, config)),
  ];
};

const outcomeOf = (findings: readonly Finding[]): Outcome => {
  const problems = findings.filter(({ verdict }) => verdict === 'problem').length;
  if (problems === 0) return done(`${findingLines(findings)}Nothing is wrong.\n`, findings);
  const sentence = `${problems === 1 ? 'One thing is' : `${problems} things are`} wrong.`;
  return { kind: 'failed', sentence, text: findingLines(findings), value: findings };
};

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look for what is wrong, and say how to mend it',
  operands: [],
  options: {},
  details: `Looks at the configuration, the database, the port and every enabled channel: its URL, its name, a connection and, for
https, its certificate. Sends no request to a channel and changes nothing. Exit code 1 when something is wrong.`,
  run: async (_given, surroundings) => {
    const config = loaded(surroundings);
    return outcomeOf(isConfigProblems(config) ? misconfigured(config) : await examined(config, surroundings.folder));
  },
};
