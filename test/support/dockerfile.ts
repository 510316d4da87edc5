export interface Instruction {
  /** In capitals: FROM, RUN, … */
  readonly name: string;
  /** The rest of it on one line, without comments. */
  readonly value: string;
}

/** Lines that end with a backslash go on; comment lines between them do not count. */
export const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [, name = '', value = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), value };
    });

type Rule = (instruction: Instruction, before: readonly Instruction[]) => string | undefined;

const imageOf = (value: string): string => value.replace(/^--platform=\S+\s+/, '').split(/\s+/)[0] ?? '';
const stagesOf = (instructions: readonly Instruction[]): readonly string[] =>
  instructions.filter(({ name }) => name === 'FROM').flatMap(({ value }) => / AS (\S+)$/i.exec(value)?.slice(1) ?? []);

/** What the usual linter for Dockerfiles calls DL3000, 3002, 3006–3009, 3020, 3022, 3025, 4000 and 4006, in our words. */
const rules: Readonly<Record<string, Rule>> = {
  FROM: ({ value }, before) => {
    const image = imageOf(value);
    if (stagesOf(before).includes(image) || image.includes('@sha256:')) return undefined;
    return /:(?!latest$)[^/]+$/.test(image) ? undefined : `${image} needs a tag that is not "latest"`;
  },
  ADD: () => 'use COPY: ADD also downloads and unpacks',
  MAINTAINER: () => 'MAINTAINER is a label today',
  WORKDIR: ({ value }) => (value.startsWith('/') ? undefined : `WORKDIR ${value} must be absolute`),
  COPY: ({ value }, before) => {
    const from = /--from=(\S+)/.exec(value)?.[1];
    return from === undefined || stagesOf(before).includes(from) ? undefined : `${from} is no stage above`;
  },
  RUN: ({ value }, before) => {
    if (/\bapt(-get)? install\b/.test(value) && !/--no-install-recommends\b.*=.*rm -rf \/var\/lib\/apt\/lists/.test(value))
      return 'apt-get install wants versions, --no-install-recommends, and its lists removed';
    if (/(^|&&|;)\s*cd\s/.test(value)) return 'use WORKDIR instead of cd';
    const hasPipefail = before.some(({ name, value: shell }) => name === 'SHELL' && shell.includes('pipefail'));
    return /[^|]\|[^|]/.test(value) && !hasPipefail ? 'a pipe hides failures without SHELL and pipefail' : undefined;
  },
  CMD: ({ value }) => (value.startsWith('[') ? undefined : 'CMD must be JSON, or a shell stands before the program'),
  ENTRYPOINT: ({ value }) => (value.startsWith('[') ? undefined : 'ENTRYPOINT must be JSON, or a shell stands before the program'),
  ENV: ({ value }) => (/\b\w*(PASS|AUTH|TOKEN|SECRET|DATABASE_URL)\w*=/.test(value) ? 'a secret in ENV is in every image' : undefined),
};

/** What is wrong, a sentence each. */
export const dockerfileProblems = (instructions: readonly Instruction[]): readonly string[] => {
  const found = instructions.flatMap((instruction, index) => rules[instruction.name]?.(instruction, instructions.slice(0, index)) ?? []);
  const lastUser = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM')).findLast(({ name }) => name === 'USER')?.value;
  return lastUser === undefined || /^(root|0)(:|$)/.test(lastUser) ? [...found, 'the last USER must not be root'] : found;
};
