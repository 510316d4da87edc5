/** A channel of the demo, with how it behaves. */
export interface DemoChannel {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  /** Milliseconds until the first byte, typically. */
  readonly firstByteMs: number;
  /** Share of its attempts that fail. */
  readonly failureShare: number;
  /** How long and why it cools when the demo begins. */
  readonly cooling?: { readonly ms: number; readonly reason: string };
}

/** Names and addresses a person would choose, best priority first: one cools, one is off, one is long, one is Chinese. */
export const demoChannels: readonly DemoChannel[] = [
  { id: 1, name: 'relay-frankfurt', url: 'https://frankfurt.relay.example.com/v1', models: ['gpt-5-codex', 'gpt-5-mini'], priority: 110, enabled: true, firstByteMs: 870, failureShare: 0.3, cooling: { ms: 17 * 60_000, reason: 'rate limit' } },
  { id: 2, name: 'anthropic-main', url: 'https://api.anthropic.com', models: ['claude-sonnet-4-5', 'claude-opus-4-1', 'claude-haiku-4-5'], priority: 100, enabled: true, firstByteMs: 780, failureShare: 0.04 },
  { id: 3, name: 'openai-team', url: 'https://api.openai.com', models: ['gpt-5', 'gpt-5-codex', 'gpt-5-mini'], priority: 100, enabled: true, firstByteMs: 610, failureShare: 0.02 },
  { id: 4, name: 'relay-tokyo', url: 'https://tokyo.relay.example.com', models: ['claude-sonnet-4-5', 'claude-opus-4-1'], priority: 80, enabled: true, firstByteMs: 940, failureShare: 0.08 },
  { id: 5, name: '备用中转', url: 'https://backup.example.cn/api', models: ['claude-sonnet-4-5', 'claude-haiku-4-5'], priority: 60, enabled: true, firstByteMs: 1_300, failureShare: 0.12 },
  { id: 6, name: 'batch-account-eu-central-1-nightly-evaluations', url: 'https://evaluations.example.com', models: ['gpt-5-mini', 'claude-haiku-4-5'], priority: 10, enabled: true, firstByteMs: 2_100, failureShare: 0.05 },
  { id: 7, name: 'old-account', url: 'https://api.anthropic.com', models: ['claude-haiku-4-5'], priority: 0, enabled: false, firstByteMs: 900, failureShare: 0 },
];
