import type { ChannelPointView } from './request-summary.js';

/**
 * What the database made of a step's channels. It is text that our own statement wrote, so its shape is not checked again;
 * a channel called "__proto__" is a field like any other in what `JSON.parse` makes.
 */
export const parseChannelPoints = (json: string): Readonly<Record<string, ChannelPointView>> =>
  JSON.parse(json) as Readonly<Record<string, ChannelPointView>>;
