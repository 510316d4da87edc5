import { catalogOf, type Catalog } from '../domain/catalog.js';
import type { Channel } from '../domain/channel.js';
import type { ChannelDirectory } from '../domain/ports.js';

/** The channels in memory: an immutable view that is swapped whole, so that a request sees one state or the next. */
export class ChannelSnapshot implements ChannelDirectory {
  private channels: readonly Channel[] = [];
  private view: Catalog = catalogOf([]);
  private readonly listeners: ((channels: readonly Channel[]) => void)[] = [];

  get catalog(): Catalog {
    return this.view;
  }

  /** Every channel, disabled ones included, in the order they were given. */
  get all(): readonly Channel[] {
    return this.channels;
  }

  /**
   * From here on requests see these channels. Whoever has built their catalog already passes it. Throws, and keeps what it
   * has, when one's URL is none.
   */
  replace(channels: readonly Channel[], catalog: Catalog = catalogOf(channels)): void {
    this.view = catalog;
    this.channels = channels;
    for (const listener of this.listeners) listener(channels);
  }

  /** Tells of every replacement, for as long as the process lives. */
  onReplace(listener: (channels: readonly Channel[]) => void): void {
    this.listeners.push(listener);
  }
}
