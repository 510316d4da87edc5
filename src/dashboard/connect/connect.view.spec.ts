import { describe, expect, it } from '@jest/globals';
import { formatsOf } from '../text/formats.js';
import { connectEn } from './connect.en.js';
import { connectView, type AttemptFacts, type ConnectFacts } from './connect.view.js';

const now = Date.UTC(2026, 0, 2, 12);
const nothing: ConnectFacts = { origin: 'http://gateway:8080', isGateOpen: false, enabledChannels: 0, models: [], served: undefined, last: undefined, addChannelPath: '/web/channels/new', tracePath: undefined };
const view = (changes: Partial<ConnectFacts> = {}) => connectView({ ...nothing, ...changes }, now, { texts: connectEn, formats: formatsOf.en });
const statesOf = (changes: Partial<ConnectFacts>): readonly string[] => Object.values(view(changes).steps).map(({ state }) => state);
const codeOf = (id: string, changes: Partial<ConnectFacts> = {}): string | undefined => view(changes).clients.flatMap(({ snippets }) => snippets).find((snippet) => snippet.id === id)?.code;
const attempt: AttemptFacts = { time: now, request_id: 'r', model: 'm', channel_name: 'main', status_code: 200, message: '', duration: 1.5 };

describe('the steps to the first request', () => {
  it.each([
    ['nothing is there', {}, ['next', 'open', 'open']],
    ['a channel is there', { enabledChannels: 1, models: ['m'] }, ['done', 'next', 'open']],
    ['a request was not served', { enabledChannels: 1, last: { ...attempt, status_code: 502 } }, ['done', 'done', 'next']],
    ['a request was served', { enabledChannels: 1, served: attempt, last: attempt }, ['done', 'done', 'done']],
    ['a request was served, and a later one was not', { enabledChannels: 1, served: attempt, last: { ...attempt, status_code: 502 } }, ['done', 'done', 'done']],
    ['a request came before there was a channel', { last: { ...attempt, status_code: 503, channel_name: null } }, ['next', 'done', 'next']],
  ])('are ticked off when %s', (_what, changes, states) => expect(statesOf(changes)).toEqual(states));

  it('say what came of the last attempt', () => {
    expect(view({ last: { ...attempt, status_code: 502, channel_name: null, message: 'upstream unreachable' } }).failure).toMatchObject({
      badge: { tone: 'bad', label: '502 Bad gateway' },
      channel: 'none',
      message: 'upstream unreachable',
      duration: '1.50 s',
      tracePath: '',
    });
  });
});

it('shows what failed since apart from what was served', () => {
  const { steps, served, failure } = view({ served: attempt, last: { ...attempt, status_code: 429 } });
  expect(steps.request.hint).toBe('It works. This was the last attempt that was served:');
  expect(served?.badge.tone).toBe('good');
  expect(failure?.badge.label).toContain('429');
  expect(view({ served: attempt, last: attempt }).failure).toBeUndefined();
});

describe('what clients are told', () => {
  it('is where the gateway is and a place for the token', () => {
    expect(codeOf('claude', { models: ['gpt-5', 'claude-a'] })).toBe('export ANTHROPIC_BASE_URL=http://gateway:8080\nexport ANTHROPIC_AUTH_TOKEN=YOUR_TOKEN\nclaude --model claude-a');
    expect(codeOf('codex-token')).toBe('export CCLOAD_TOKEN=YOUR_TOKEN');
  });

  it('is that any token will do, where the gate is open', () => expect(codeOf('codex-token', { isGateOpen: true })).toBe('export CCLOAD_TOKEN=any-text'));

  it.each([
    [['claude-a', 'gpt-5', 'gpt-5-codex'], 'gpt-5-codex'],
    [['claude-a', 'gpt-5'], 'gpt-5'],
    [['qwen'], 'qwen'],
    [[], 'MODEL'],
  ])('names for Codex of %j the model %s', (models, model) => expect(codeOf('codex', { models })).toContain(`model = "${model}"\n`));

  it('is a curl command in the dialect of the model', () => {
    expect(codeOf('curl', { models: ['claude-a'] })).toContain('curl http://gateway:8080/v1/messages');
    expect(codeOf('curl', { models: ['gpt-5'] })).toContain('curl http://gateway:8080/v1/chat/completions');
  });

  it('cannot be made to run something by the name of a model', () => {
    const models = [`claude'; rm -rf / #`];
    expect(codeOf('claude', { models })).toContain(`claude --model 'claude'\\''; rm -rf / #'`);
    expect(codeOf('curl', { models })).toContain(`"model":"claude'\\''; rm -rf / #"`);
  });
});
