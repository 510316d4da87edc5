import { send } from './client.js';
import { clientToken, type Gateway } from './gateway.js';
import { json } from './script.js';

/** Two channels of one model, of which the first refuses: the first call takes two attempts, and others one while it cools. */
export interface FailoverPair {
  readonly model: string;
  /** Sends a call and waits until its rows can be read; returns the request's id. */
  call(): Promise<string>;
}

const answer = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'words of an answer' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1_842, output_tokens: 391 },
};

export const failoverPair = async (gateway: Gateway): Promise<FailoverPair> => {
  const refusing = await gateway.upstreamThat(() => json(429, { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }, [['retry-after', '600']]));
  const serving = await gateway.upstreamThat(() => json(200, answer));
  const { model } = await gateway.serve(refusing.url, serving.url);
  const headers = [['authorization', `Bearer ${clientToken}`], ['content-type', 'application/json']] as const;
  const body = JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'words of a prompt' }] });
  const call = async (): Promise<string> => {
    const { header } = await send(gateway.port, { method: 'POST', path: '/v1/messages', headers, body });
    const id = header('x-ccload-request-id') ?? '';
    await gateway.logRows(id);
    return id;
  };
  return { model, call };
};
