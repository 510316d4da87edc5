import type { EpochMs } from '../../domain/time.js';
import type { BadgeView } from '../shell/badge-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import { statusBadge } from '../text/status-badge.js';
import type { ConnectTexts } from './connect.en.js';
import { claudeSnippet, codexSnippet, codexTokenSnippet, curlSnippet } from './snippets.js';

/** A row of the log. */
export interface AttemptFacts {
  readonly time: EpochMs;
  readonly request_id: string;
  readonly model: string;
  readonly channel_name: string | null;
  readonly status_code: number;
  readonly message: string;
  /** Seconds. */
  readonly duration: number;
}

export interface ConnectFacts {
  /** `http://host:port` as the browser reached us. */
  readonly origin: string;
  readonly isGateOpen: boolean;
  readonly enabledChannels: number;
  /** Served by enabled channels, those of the best channel first. */
  readonly models: readonly string[];
  /** The newest row that was served. */
  readonly served: AttemptFacts | undefined;
  /** The newest of all. */
  readonly last: AttemptFacts | undefined;
  readonly addChannelPath: string | undefined;
  readonly tracePath: ((requestId: string) => string) | undefined;
}

export interface StepView {
  readonly id: string;
  /** `next` is the first that is not done. */
  readonly state: 'done' | 'next' | 'open';
  readonly stateText: string;
  readonly title: string;
  readonly hint: string;
}

export interface SnippetView {
  readonly id: string;
  readonly note: string;
  readonly code: string;
  readonly copyLabel: string;
}

export interface AttemptView {
  readonly badge: BadgeView;
  readonly time: TimeView;
  readonly model: string;
  readonly channel: string;
  readonly message: string;
  readonly duration: string;
  readonly tracePath: string;
}

export interface ConnectView {
  readonly title: string;
  readonly intro: string;
  readonly steps: { readonly channel: StepView; readonly client: StepView; readonly request: StepView };
  readonly addChannel: { readonly path: string; readonly label: string } | undefined;
  readonly origin: string;
  readonly tokenHint: string;
  readonly clients: readonly { readonly title: string; readonly isOpen: boolean; readonly snippets: readonly SnippetView[] }[];
  readonly served: AttemptView | undefined;
  /** The newest row, unless it was served. */
  readonly failure: AttemptView | undefined;
  readonly texts: ConnectTexts;
}

const tokenPlaceholder = 'YOUR_TOKEN';
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const stateOf = (isDone: boolean, isNext: boolean): StepView['state'] => (isDone ? 'done' : isNext ? 'next' : 'open');

const channelHint = ({ enabledChannels: channels, models }: ConnectFacts, { texts, formats }: Speech<ConnectTexts>): string =>
  channels === 0 ? texts.channelHint : texts.channelDone(channels, models.length, formats.number(channels), formats.number(models.length));

const requestHint = ({ served, last }: ConnectFacts, texts: ConnectTexts): string => {
  if (served !== undefined) return texts.requestDone;
  return last === undefined ? texts.requestWaiting : texts.requestFailed;
};

const stepsOf = (facts: ConnectFacts, speech: Speech<ConnectTexts>): ConnectView['steps'] => {
  const { texts } = speech;
  const hasChannel = facts.enabledChannels > 0;
  const hasClient = facts.last !== undefined;
  const channel = stateOf(hasChannel, true);
  const client = stateOf(hasClient, hasChannel);
  const request = stateOf(facts.served !== undefined, hasClient);
  return {
    channel: { id: 'channel', state: channel, stateText: texts.states[channel], title: texts.channelTitle, hint: channelHint(facts, speech) },
    client: { id: 'client', state: client, stateText: texts.states[client], title: texts.clientTitle, hint: hasClient ? texts.clientDone : texts.clientHint },
    request: { id: 'request', state: request, stateText: texts.states[request], title: texts.requestTitle, hint: requestHint(facts, texts) },
  };
};

const clientsOf = (facts: ConnectFacts, texts: ConnectTexts): ConnectView['clients'] => {
  const gateway = { origin: facts.origin, token: facts.isGateOpen ? 'any-text' : tokenPlaceholder, models: facts.models };
  const snippet = (id: string, title: string, note: string, code: string): SnippetView => ({ id, note, code, copyLabel: texts.copyOf(title) });
  return [
    { title: 'Claude Code', isOpen: true, snippets: [snippet('claude', 'Claude Code', texts.claudeNote, claudeSnippet(gateway))] },
    {
      title: 'Codex',
      isOpen: false,
      snippets: [
        snippet('codex', 'config.toml', texts.codexNote, codexSnippet(gateway)),
        snippet('codex-token', 'CCLOAD_TOKEN', texts.codexToken, codexTokenSnippet(gateway)),
      ],
    },
    { title: texts.curlTitle, isOpen: false, snippets: [snippet('curl', 'curl', texts.curlNote, curlSnippet(gateway))] },
  ];
};

const attemptView = (row: AttemptFacts, { tracePath }: ConnectFacts, now: EpochMs, { texts, formats }: Speech<ConnectTexts>): AttemptView => ({
  badge: statusBadge(row.status_code, formats.language),
  time: formats.time(row.time, now),
  model: row.model,
  channel: row.channel_name ?? texts.noChannel,
  message: row.message,
  duration: formats.duration(row.duration * 1_000),
  tracePath: tracePath?.(row.request_id) ?? '',
});

export const connectView = (facts: ConnectFacts, now: EpochMs, speech: Speech<ConnectTexts>): ConnectView => {
  const { texts } = speech;
  const { served, last } = facts;
  const failed = last === undefined || isSuccess(last.status_code) ? undefined : last;
  const shown = (row: AttemptFacts | undefined): AttemptView | undefined => (row === undefined ? undefined : attemptView(row, facts, now, speech));
  const label = facts.enabledChannels > 0 ? texts.channelMore : texts.channelAction;
  return {
    title: texts.title,
    intro: texts.intro,
    steps: stepsOf(facts, speech),
    addChannel: facts.addChannelPath === undefined ? undefined : { path: facts.addChannelPath, label },
    origin: facts.origin,
    tokenHint: facts.isGateOpen ? texts.tokenAny : texts.tokenNeeded,
    clients: clientsOf(facts, texts),
    served: shown(served),
    failure: shown(failed),
    texts,
  };
};
