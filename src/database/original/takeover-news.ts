import type { OpeningNews } from '../opening-news.js';
import type { CopiedChannels } from './copy-channels.js';
import type { CopiedCooldowns, CopiedPointers } from './copy-state.js';
import type { OriginalLayout } from './layout.js';
import { listed } from './listed.js';

/** What a takeover has copied, and what it had to leave or mend. */
export interface Takeover {
  readonly channels: CopiedChannels;
  readonly cooldowns: CopiedCooldowns;
  readonly pointers: CopiedPointers;
  readonly logRows: number;
  /** Log rows whose time cannot be read: they have that of the row before. */
  readonly unreadableLogTimes: number;
}

const counted = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const note = (sentence: string): OpeningNews => ({ weight: 'note', sentence });
const warning = (sentence: string): OpeningNews => ({ weight: 'warning', sentence });

const renamed = (channels: CopiedChannels['renamed']): string => listed(channels.map(({ id, name }) => `channel ${id} is now ${JSON.stringify(name)}`));

/** Everything else that is not as it was, as the parts of one list. */
const oddities = ({ channels, cooldowns, pointers, unreadableLogTimes }: Takeover): readonly string[] => {
  const parts: readonly (readonly [number, string, string])[] = [
    [channels.mendedModels, 'channel had a list of models that was no JSON array; look at it', 'channels had lists of models that were no JSON arrays; look at them'],
    [channels.unreadableTimes, 'channel had a time that cannot be read', 'channels had times that cannot be read'],
    [cooldowns.unreadableTimes, 'cooldown had a time that cannot be read and counts as over', 'cooldowns had times that cannot be read and count as over'],
    [cooldowns.repeated, 'cooldown was a second one of its channel, and the longest was kept', 'cooldowns were a second one of their channel, and the longest was kept'],
    [cooldowns.orphans, 'cooldown belonged to no channel and was left out', 'cooldowns belonged to no channel and were left out'],
    [pointers.oddPointers, 'round-robin pointer named no model and priority and was left out', 'round-robin pointers named no model and priority and were left out'],
    [pointers.repeated, 'round-robin pointer had the key of a later one and was left out', 'round-robin pointers had the key of a later one and were left out'],
    [unreadableLogTimes, 'log row has a time that cannot be read and got that of the row before', 'log rows have times that cannot be read and got those of the rows before'],
  ];
  return parts.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)]));
};

/** The report of a takeover that has just been stored. */
export const takeoverReport = (takeover: Takeover, { otherTables, unknownColumns }: OriginalLayout): readonly OpeningNews[] => {
  const { channels, cooldowns, pointers, logRows } = takeover;
  const odd = oddities(takeover);
  const kept = [
    counted(channels.channels, 'channel', 'channels'),
    counted(cooldowns.cooldowns, 'cooldown', 'cooldowns'),
    counted(pointers.pointers, 'round-robin pointer', 'round-robin pointers'),
    counted(logRows, 'log row', 'log rows'),
  ];
  return [
    note(`Taken over: ${kept.join(', ')}.`),
    ...(otherTables.length === 0 ? [] : [note(`Tables that are not known stay as they are: ${listed(otherTables)}.`)]),
    ...(unknownColumns.length === 0 ? [] : [warning(`Columns that are not known are only in the copy: ${listed(unknownColumns)}.`)]),
    ...(channels.renamed.length === 0 ? [] : [warning(`Names that were taken or blank: ${renamed(channels.renamed)}.`)]),
    ...(odd.length === 0 ? [] : [warning(`Not as it was: ${odd.join('; ')}.`)]),
  ];
};
