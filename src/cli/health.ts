import { secondMs } from '../domain/time.js';
import { reasonOf } from './admin-api.js';
import { done, failed, printable, type Command } from './command.js';
import { configOf, urlOf } from './reach.js';

const answerMsMax = 3 * secondMs;
/** What is shown of an answer that is not the expected one. */
const shownCharsMax = 200;

export const health: Command = {
  name: 'health',
  summary: 'Ask the running gateway whether it is alive',
  operands: [],
  options: { ready: { type: 'boolean', says: 'Ask whether it takes new calls: not while it drains or its database is silent.' } },
  details: 'Asks the gateway of this configuration at HOST and PORT. Exit code 0 when it answers 200 within 3 s: for the health checks of containers.',
  run: async (given, surroundings) => {
    const config = configOf(surroundings);
    if ('kind' in config) return config;
    const url = urlOf(config);
    if (url === undefined) return failed('PORT is 0: nobody but the gateway knows which port it took.');
    const address = `${url}/${given.flag('ready') ? 'ready' : 'health'}`;
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(answerMsMax), redirect: 'error' });
      const text = printable((await answer.text()).slice(0, shownCharsMax));
      return answer.status === 200 ? done(`${text}\n`, { url: address, status: 200 }) : failed(`${address} answers ${answer.status}: ${text}`);
    } catch (error) {
      return failed(`${address} does not answer: ${reasonOf(error)}.`);
    }
  },
};
