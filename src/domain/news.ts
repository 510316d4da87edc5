import type { ChannelId } from './channel.js';
import type { ScopeKnowledge } from './cooldown-merge.js';

/**
 * What gateways that act as one tell each other. News carries values, so that nobody has to ask a table, and may come
 * twice, late or not at all.
 */
export type News =
  /** Channels in the table are other ones now. */
  | { readonly kind: 'channels' }
  /** Cooldowns in the table are other ones now. */
  | { readonly kind: 'cooldowns' }
  /** A channel (`model` undefined) or a pair of channel and model stands otherwise now. */
  | { readonly kind: 'cooldown'; readonly channelId: ChannelId; readonly model: string | undefined; readonly knowledge: ScopeKnowledge }
  /** A probe of the pair begins, still runs, or has ended. */
  | { readonly kind: 'probe'; readonly channelId: ChannelId; readonly model: string; readonly isRunning: boolean };

/** Who hears news. `from` names the teller, for as long as it lives. */
export interface NewsListener {
  hear(news: News, from: string): void;
  /** News may have been lost: whatever can be read again should be. */
  missed(): void;
}

/**
 * The line between gateways that share one store: processes of one machine, or of many. An abstract class, so that it can be
 * asked for by name where parts are assembled.
 */
export abstract class NewsLine {
  /** Tells the others, soon and in order. Never waits and never throws; what cannot be told is lost. */
  abstract publish(news: News): void;
  /** Hears the others, never what was published here. Returns how to stop. */
  abstract listen(listener: NewsListener): () => void;
}
