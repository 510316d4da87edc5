/** What an operator decides about a channel: everything but what the database adds. Validated before it gets here. */
export interface ChannelDraft {
  readonly name: string;
  readonly apiKey: string;
  /** Base URL; `channelUrlProblem` found nothing wrong with it. */
  readonly url: string;
  /** Model names as clients ask for them, at least one, without duplicates. */
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
}
