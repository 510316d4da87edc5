import { channelStatesEn } from '../text/channel-states.js';
import { coolingReasonsEn } from '../text/cooling-reasons.js';
import { plural } from '../text/plural.js';

export const overviewEn = {
  title: 'Overview',
  lastHours: (hours: string) => `Last ${hours} hours`,
  requests: 'Requests',
  successRate: 'Success rate',
  successDetail: 'of answered requests',
  tokens: 'Tokens',
  tokensDetail: (input: string, output: string) => `${input} in · ${output} out`,
  firstByte: 'Time to first byte',
  firstByteDetail: 'average of successes',
  liveNow: 'Live now',
  liveDetail: 'requests under way',
  failed: (count: string) => `${count} failed`,
  traffic: 'Requests over time',
  time: 'Time',
  succeeded: 'Succeeded',
  errors: 'Failed',

  channels: 'Channels',
  allChannels: 'All channels',
  channel: 'Channel',
  status: 'Status',
  attempts: 'Attempts',
  success: 'Success',
  states: channelStatesEn,
  counted: {
    serving: (count: string) => `${count} serving`,
    cooling: (count: string) => `${count} cooling`,
    disabled: (count: string) => `${count} disabled`,
  },
  untilLabel: 'back in',
  moreChannels: (count: number, shown: string) => `${shown} more ${plural(count, 'channel', 'channels')}`,
  noChannels: 'No channel yet',
  addChannel: 'Add channel',
  noChannelsHint: 'A channel is one upstream account: its address, its key and the models it serves. Add the first one and requests can flow.',
  reasons: coolingReasonsEn,

  live: 'Live requests',
  noLive: 'Nothing is under way.',
  waiting: 'waiting for an answer',
  readingRequest: 'reading the request',
  choosing: 'choosing a channel',
  attempt: (attempt: string) => `attempt ${attempt}`,
  moreCalls: (count: string) => `and ${count} more`,

  lastErrors: 'Last errors',
  noErrors: 'No attempt has failed in the last 24 hours.',
  reachedClient: 'reached the client',
  movedOn: 'failed over',
  noChannelTried: 'no channel',

  begin: 'Nothing has come through yet',
  beginHint: 'Three steps lead to the first request: add a channel, point a client here, send something.',
  beginAction: 'Connect a client',
};

export type OverviewTexts = typeof overviewEn;
