import { parseArgs } from 'node:util';
import { messageOf } from '../database/error-message.js';
import { channelsAdd } from './channels-add.js';
import { channelsExport, channelsImport } from './channels-csv.js';
import { channelsList } from './channels-list.js';
import { channelsTest } from './channels-test.js';
import { misused, type Arguments, type Command, type Option, type Outcome, type Surroundings } from './command.js';
import { doctor } from './doctor.js';
import { health } from './health.js';
import { migrate } from './migrate.js';
import { password } from './password.js';

const commands: readonly Command[] = [
  channelsList,
  channelsAdd,
  channelsTest,
  channelsImport,
  channelsExport,
  password,
  migrate,
  doctor,
  health,
];

const everywhere: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', says: 'Print the result as JSON.' },
  help: { type: 'boolean', says: 'Print this help.' },
};

/** What a run of the program says, and its exit code: 0, 1 for what went wrong, 2 for what was not understood. */
export interface ProgramEnd {
  readonly out: string;
  readonly err: string;
  readonly exitCode: 0 | 1 | 2;
}

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

const overview = (): string =>
  `Usage: ccload [command] [options]

Without a command the gateway starts. Commands:

${columns(commands.map(({ name, operands, summary }) => [[name, ...operands].join(' '), summary]))}

ccload COMMAND --help tells more.
`;

const helpOf = ({ name, summary, operands, options, details }: Command): string => {
  const rows = Object.entries({ ...options, ...everywhere }).map(
    ([option, { value, says }]) => [value === undefined ? `--${option}` : `--${option} ${value}`, says] as const,
  );
  const paragraphs = [`Usage: ccload ${[name, ...operands].join(' ')} [options]`, summary, details, columns(rows)];
  return `${paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n')}\n`;
};

const namedBy = (argv: readonly string[]): Command | undefined =>
  commands.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word));

const argumentsOf = (command: Command, argv: readonly string[]): Arguments => {
  const { values, positionals } = parseArgs({
    args: argv.slice(command.name.split(' ').length),
    options: Object.fromEntries(
      Object.entries({ ...command.options, ...everywhere }).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
    ),
    allowPositionals: true,
  });
  const given = (option: string): readonly (string | boolean)[] => [values[option] ?? []].flat();
  const texts = (option: string): readonly string[] => given(option).filter((value) => typeof value === 'string');
  return { operands: positionals, texts, text: (option) => texts(option).at(-1), flag: (option) => given(option).includes(true) };
};

const operandProblem = ({ name, operands }: Command, given: readonly string[]): string | undefined => {
  if (given.length === operands.length) return undefined;
  const wanted = operands.length === 0 ? 'nothing but options' : operands.join(' ');
  return `ccload ${name} wants ${wanted} behind it, got ${given.length === 0 ? 'nothing' : given.map((text) => JSON.stringify(text)).join(' ')}.`;
};

const outcomeOf = async (command: Command, given: Arguments, surroundings: Surroundings): Promise<Outcome> => {
  const problem = operandProblem(command, given.operands);
  if (problem !== undefined) return misused(problem);
  try {
    return await command.run(given, surroundings);
  } catch (error) {
    return { kind: 'failed', sentence: messageOf(error) };
  }
};

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const endOf = (command: Command, outcome: Outcome, json: boolean): ProgramEnd => {
  switch (outcome.kind) {
    case 'done':
      return { out: json ? asJson(outcome.value) : outcome.text, err: lines(outcome.notes ?? []), exitCode: 0 };
    case 'failed': {
      const { sentence, text = '', notes = [], value = { error: sentence } } = outcome;
      return { out: json ? asJson(value) : text, err: lines(json ? notes : [...notes, sentence]), exitCode: 1 };
    }
    case 'misused':
      return { out: '', err: lines([outcome.sentence, `ccload ${command.name} --help tells more.`]), exitCode: 2 };
  }
};

/** Runs one command line, without the program's own name. Never rejects. */
export const runProgram = async (argv: readonly string[], surroundings: Surroundings): Promise<ProgramEnd> => {
  const command = namedBy(argv);
  if (command === undefined) {
    const asked = argv.length === 0 || argv[0] === '--help' || argv[0] === 'help';
    if (asked) return { out: overview(), err: '', exitCode: 0 };
    return { out: '', err: `ccload does not know ${JSON.stringify(argv.slice(0, 2).join(' '))}.\n\n${overview()}`, exitCode: 2 };
  }
  try {
    const given = argumentsOf(command, argv);
    if (given.flag('help')) return { out: helpOf(command), err: '', exitCode: 0 };
    return endOf(command, await outcomeOf(command, given, surroundings), given.flag('json'));
  } catch (error) {
    return endOf(command, misused(messageOf(error)), false);
  }
};
