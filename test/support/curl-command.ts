import { send } from './client.js';
import { clientToken, type Gateway } from './gateway.js';

/** Does what a curl command on the page of clients says, with the token put where the page says so. */
export const sendCurlCommand = (gateway: Gateway, command: string): ReturnType<typeof send> => {
  const path = new URL(/curl (\S+)/.exec(command)?.[1] ?? '').pathname;
  const headers = [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value.replace('YOUR_TOKEN', clientToken)] as const);
  return send(gateway.port, { path, headers, body: /-d '(.*)'$/.exec(command)?.[1] ?? '' });
};
