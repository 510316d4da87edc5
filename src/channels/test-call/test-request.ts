import type { Channel } from '../../domain/channel.js';
import { credentialHeaders, versionHeaders } from '../../domain/credentials.js';
import { dialectOf, type Dialect } from '../../domain/dialect.js';
import { endpointOf } from '../../domain/endpoint.js';

export const channelTypes = ['anthropic', 'codex', 'openai'] as const;

/** Which of its interfaces a channel is tested at. */
export type ChannelType = (typeof channelTypes)[number];

/** What an operator asks a channel. */
export interface TestQuestion {
  readonly model: string;
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly content: string;
  readonly type: ChannelType;
}

/** A request ready to be sent. */
export interface TestRequest {
  readonly url: string;
  readonly path: string;
  readonly dialect: Dialect;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const paths: Readonly<Record<ChannelType, string>> = {
  anthropic: '/v1/messages',
  codex: '/v1/responses',
  openai: '/v1/chat/completions',
};

const bodyOf = ({ model, maxTokens, stream, content, type }: TestQuestion): object => {
  const messages = [{ role: 'user', content }];
  switch (type) {
    case 'anthropic':
      return { model, max_tokens: maxTokens, stream, messages };
    case 'codex': {
      const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: content }] }];
      return { model, max_output_tokens: maxTokens, stream, store: false, input };
    }
    case 'openai':
      // Without being asked, chat streams do not say what they cost.
      return { model, max_tokens: maxTokens, stream, messages, ...(stream ? { stream_options: { include_usage: true } } : {}) };
  }
};

const pairs = (flat: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : [])));

/** The request that asks a channel a question, with the credentials and the URL that a relayed one would have. */
export const testRequest = (channel: Channel, question: TestQuestion): TestRequest => {
  const endpoint = endpointOf(channel.url);
  const path = paths[question.type];
  const dialect = dialectOf(path);
  return {
    url: `${endpoint.origin}${endpoint.pathPrefix}${path}`,
    path,
    dialect,
    headers: {
      'content-type': 'application/json',
      accept: question.stream ? 'text/event-stream' : 'application/json',
      'user-agent': 'ccload',
      ...pairs(versionHeaders(dialect, false)),
      ...pairs(credentialHeaders(endpoint, channel.keys[0]?.secret ?? '')),
    },
    body: JSON.stringify(bodyOf(question)),
  };
};
