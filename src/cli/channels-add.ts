import { done, misused, printable, type Arguments, type Command, type Surroundings } from './command.js';
import { parseChannel } from './parse-reply.js';
import { reachDetails, reachOptions, withAdmin } from './reach.js';

/** The key behind `--key`; `-` reads it from standard input, where no list of processes shows it. */
const keyOf = async (given: Arguments, surroundings: Surroundings): Promise<string> => {
  const key = given.text('key') ?? '';
  return key === '-' ? (await surroundings.readInput()).trim() : key;
};

/** What the administration does not take is left to it to refuse: it has the rules. */
const bodyOf = (given: Arguments, key: string): object => {
  const priority = given.text('priority');
  return {
    name: given.text('name'),
    url: given.text('to'),
    api_key: key,
    models: given.texts('model').flatMap((text) => text.split(',')),
    ...(priority === undefined ? {} : { priority: /^-?\d{1,15}$/.test(priority) ? Number(priority) : priority }),
    ...(given.flag('disabled') ? { enabled: false } : {}),
  };
};

export const channelsAdd: Command = {
  name: 'channels add',
  summary: 'Add a channel',
  operands: [],
  options: {
    name: { type: 'string', value: 'NAME', says: 'Its name; no other channel may have it. Needed.' },
    to: { type: 'string', value: 'URL', says: "The upstream's base URL, such as https://api.anthropic.com. Needed." },
    key: { type: 'string', value: 'KEY', says: 'Its API key; "-" reads it from standard input, which is safer. Needed.' },
    model: { type: 'string', multiple: true, value: 'MODEL', says: 'A model it serves; several times, or several with commas. Needed.' },
    priority: { type: 'string', value: 'NUMBER', says: 'Higher is tried first; 0 when it is left out.' },
    disabled: { type: 'boolean', says: 'Add it without using it yet.' },
    ...reachOptions,
  },
  details: reachDetails,
  run: async (given, surroundings) => {
    const missing = ['name', 'to', 'key', 'model'].filter((option) => given.text(option) === undefined);
    if (missing.length > 0) return misused(`ccload channels add needs ${missing.map((option) => `--${option}`).join(', ')}.`);
    const key = await keyOf(given, surroundings);
    return withAdmin(given, surroundings, async (api) => {
      const reply = await api.call({ method: 'POST', path: '/admin/channels', body: bodyOf(given, key) });
      if (reply.kind === 'failed') return reply;
      const { id, name } = parseChannel(reply.data);
      return done(`Channel ${id}, ${printable(name)}, is there.\n`, reply.data);
    });
  },
};
