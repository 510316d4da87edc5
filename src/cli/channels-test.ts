import { done, misused, printable, type Arguments, type Command, type Outcome } from './command.js';
import { parseTestResult } from './parse-reply.js';
import { reachDetails, reachOptions, withAdmin } from './reach.js';

const shownCharsMax = 500;
const types: readonly string[] = ['anthropic', 'codex', 'openai'];

const outcomeOf = (id: string, data: unknown): Outcome => {
  const { success, statusCode, durationMs, responseText, error } = parseTestResult(data);
  if (success) return done(`Channel ${id} answered ${statusCode} in ${durationMs} ms: ${printable(responseText.slice(0, shownCharsMax))}\n`, data);
  const reason = error === '' ? `it answered ${statusCode}` : printable(error.slice(0, shownCharsMax));
  return { kind: 'failed', sentence: `Channel ${id} did not answer as it should: ${reason}`, value: data };
};

const bodyOf = (given: Arguments): object => {
  const type = given.text('type');
  const content = given.text('content');
  return {
    model: given.text('model'),
    stream: given.flag('stream'),
    ...(type === undefined ? {} : { channel_type: type }),
    ...(content === undefined ? {} : { content }),
  };
};

export const channelsTest: Command = {
  name: 'channels test',
  summary: 'Send a real small request through one channel',
  operands: ['ID'],
  options: {
    model: { type: 'string', value: 'MODEL', says: 'The model to ask. Needed.' },
    type: { type: 'string', value: 'TYPE', says: 'anthropic, codex or openai.' },
    content: { type: 'string', value: 'TEXT', says: 'What to say to it.' },
    stream: { type: 'boolean', says: 'Ask for a stream.' },
    ...reachOptions,
  },
  details: `It costs a few tokens and never changes a cooldown.\n\n${reachDetails}`,
  run: async (given, surroundings) => {
    const [id = ''] = given.operands;
    if (!/^\d{1,15}$/.test(id)) return misused(`ID must be the number of a channel, got ${JSON.stringify(id)}.`);
    if (given.text('model') === undefined) return misused('ccload channels test needs --model.');
    const type = given.text('type');
    if (type !== undefined && !types.includes(type)) return misused(`--type must be one of ${types.join(', ')}, got ${JSON.stringify(type)}.`);
    return withAdmin(given, surroundings, async (api) => {
      const reply = await api.call({ method: 'POST', path: `/admin/channels/${id}/test`, body: bodyOf(given) });
      return reply.kind === 'failed' ? reply : outcomeOf(id, reply.data);
    });
  },
};
