import { plural } from '../text/plural.js';

export const connectEn = {
  title: 'Connect a client',
  intro: 'Three steps from nothing to the first request. Each is ticked off by itself.',
  states: { done: 'Done', next: 'Next', open: 'To do' },

  channelTitle: 'Add a channel',
  channelHint: 'A channel is one upstream account: its address, its key and the models it serves.',
  channelDone: (channels: number, models: number, shownChannels: string, shownModels: string) =>
    `${shownChannels} ${plural(channels, 'channel', 'channels')} ${plural(channels, 'serves', 'serve')} ${shownModels} ${plural(models, 'model', 'models')}.`,
  channelAction: 'Add a channel',
  channelMore: 'Add another channel',

  clientTitle: 'Point your client here',
  clientHint: 'Choose the one you use. Both Claude Code and Codex keep everything else as it is.',
  clientDone: 'A client has reached this gateway.',
  address: 'Base URL',
  token: 'Token',
  tokenNeeded: 'One of those in CCLOAD_AUTH, in place of YOUR_TOKEN. They are never shown here.',
  tokenAny: 'CCLOAD_AUTH is not set, so any text will do.',
  claudeNote: 'In the shell that Claude Code is started from:',
  codexNote: 'In ~/.codex/config.toml:',
  codexToken: 'In the shell that Codex is started from:',
  curlNote: 'Anything else that speaks Anthropic Messages, OpenAI Responses or Chat Completions takes the same URL and token.',
  curlTitle: 'curl and everything else',
  copy: 'Copy',
  copied: 'Copied',
  copyOf: (what: string) => `Copy: ${what}`,

  requestTitle: 'Send something',
  requestWaiting: 'Waiting for the first request. It appears here when it comes.',
  requestDone: 'It works. This was the last attempt that was served:',
  requestFailed: 'A request has come, but it was not served. This was the last attempt:',
  failedSince: 'The last attempt of all was not served:',
  time: 'Time',
  model: 'Model',
  channel: 'Channel',
  noChannel: 'none',
  status: 'Status',
  message: 'What happened',
  duration: 'Duration',
  showTrace: 'Why this channel',
  toOverview: 'Go to the overview',
};

export type ConnectTexts = typeof connectEn;
