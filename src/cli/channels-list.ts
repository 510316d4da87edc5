import { secondMs } from '../domain/time.js';
import { done, printable, type Command } from './command.js';
import { parseChannels, type ChannelRow } from './parse-reply.js';
import { reachDetails, reachOptions, withAdmin } from './reach.js';

const headings = ['ID', 'NAME', 'STATE', 'PRIORITY', 'URL', 'MODELS'] as const;

const stateOf = ({ enabled, coolingMs }: ChannelRow): string => {
  if (!enabled) return 'disabled';
  return coolingMs === undefined ? 'ready' : `cooling ${Math.ceil(coolingMs / secondMs)} s`;
};

const cellsOf = (channel: ChannelRow): readonly string[] =>
  [
    String(channel.id),
    channel.name,
    stateOf(channel),
    String(channel.priority),
    channel.url,
    channel.models.join(', '),
  ].map(printable);

/** The channels as columns, best first; one sentence when there are none. */
export const channelTable = (channels: readonly ChannelRow[]): string => {
  if (channels.length === 0) return 'There are no channels yet. ccload channels add makes one.\n';
  const rows = [headings, ...channels.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
  return `${rows.map(line).join('\n')}\n`;
};

export const channelsList: Command = {
  name: 'channels list',
  summary: 'All channels, best priority first',
  operands: [],
  options: reachOptions,
  details: reachDetails,
  run: (given, surroundings) =>
    withAdmin(given, surroundings, async (api) => {
      const reply = await api.call({ method: 'GET', path: '/admin/channels' });
      return reply.kind === 'failed' ? reply : done(channelTable(parseChannels(reply.data)), reply.data);
    }),
};
