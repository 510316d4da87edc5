import type { CopiedChannels } from './copy-channels.js';
import type { CopiedCooldowns, CopiedPointers } from './copy-state.js';

/** What an operator hears while a database is opened. `warning`: something they should do, or look at. */
export interface OpeningNews {
  readonly weight: 'note' | 'warning';
  readonly sentence: string;
}

export type Tell = (news: OpeningNews) => void;

/** What a takeover has copied, and what it had to leave or mend. */
export interface Takeover {
  readonly channels: CopiedChannels;
  readonly cooldowns: CopiedCooldowns;
  readonly pointers: CopiedPointers;
  readonly logRows: number;
  /** Log rows whose time cannot be read: they have that of the row before. */
  readonly unreadableLogTimes: number;
}

/** Channels that are named in a sentence; the others are counted. */
const namedMax = 10;

const counted = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const renamedSentence = ({ renamed }: CopiedChannels): OpeningNews => {
  const named = renamed.slice(0, namedMax).map(({ id, name }) => `channel ${id} is now ${JSON.stringify(name)}`);
  const others = renamed.length - named.length;
  const all = others === 0 ? named : [...named, `and ${others} more`];
  return { weight: 'warning', sentence: `Names that were taken or blank: ${all.join(', ')}.` };
};

/** Everything else that is not as it was, as the parts of one list. */
const oddities = ({ channels, cooldowns, pointers, unreadableLogTimes }: Takeover): readonly string[] => {
  const parts: readonly (readonly [number, string, string])[] = [
    [channels.mendedModels, 'channel had a list of models that was no JSON array; look at it', 'channels had lists of models that were no JSON arrays; look at them'],
    [channels.unreadableTimes, 'channel had a time that cannot be read', 'channels had times that cannot be read'],
    [cooldowns.unreadableTimes, 'cooldown had a time that cannot be read and counts as over', 'cooldowns had times that cannot be read and count as over'],
    [cooldowns.orphans, 'cooldown belonged to no channel and was left out', 'cooldowns belonged to no channel and were left out'],
    [pointers.oddPointers, 'round-robin pointer named no model and priority and was left out', 'round-robin pointers named no model and priority and were left out'],
    [unreadableLogTimes, 'log row has a time that cannot be read and got that of the row before', 'log rows have times that cannot be read and got those of the rows before'],
  ];
  return parts.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)]));
};

/** The report of a takeover that has just been stored. */
export const takeoverReport = (takeover: Takeover): readonly OpeningNews[] => {
  const { channels, cooldowns, pointers, logRows } = takeover;
  const odd = oddities(takeover);
  const kept = [
    counted(channels.channels, 'channel', 'channels'),
    counted(cooldowns.cooldowns, 'cooldown', 'cooldowns'),
    counted(pointers.pointers, 'round-robin pointer', 'round-robin pointers'),
    counted(logRows, 'log row', 'log rows'),
  ];
  return [
    { weight: 'note', sentence: `Taken over: ${kept.join(', ')}.` },
    ...(channels.renamed.length === 0 ? [] : [renamedSentence(channels)]),
    ...(odd.length === 0 ? [] : [{ weight: 'warning', sentence: `Not as it was: ${odd.join('; ')}.` } as const]),
  ];
};
