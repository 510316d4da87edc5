import { RetryBudget } from '../domain/retry-budget.js';
import { HopMarks, newHopSecret } from './hop-marks.js';
import { Outbox } from './outbox.js';
import type { ProxyMeans } from './proxy-handler.js';
import { ProxyServer } from './proxy-server.js';
import { Upstreams } from './upstream.js';

/** What the configuration decides about relaying; times in ms. */
export interface ProxySettings {
  readonly connectTimeoutMs: number;
  readonly firstEventTimeoutMs: number;
  readonly streamIdleTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly bodyBytesMax: number;
  readonly allowLinkLocal: boolean;
}

/** What the data plane gets from those who know: channels, cooldowns, pointers, and where finished calls go. */
export type ProxyRoles = Pick<
  ProxyMeans,
  'gate' | 'directory' | 'cooldowns' | 'rotation' | 'affinity' | 'sink' | 'inFlight' | 'bodies' | 'traces' | 'clientIp' | 'reportBug'
>;

/** The data plane, ready to be asked; it makes no connection before the first call. All processes of a gateway share `hopSecret`. */
export const assembleProxy = (settings: ProxySettings, roles: ProxyRoles, hopSecret = newHopSecret()): ProxyServer => {
  const { connectTimeoutMs, allowLinkLocal, bodyBytesMax } = settings;
  const outbox = new Outbox();
  return new ProxyServer({
    ...roles,
    outbox,
    budget: new RetryBudget(),
    hops: new HopMarks(hopSecret),
    upstreams: new Upstreams(connectTimeoutMs, outbox, { allowLinkLocal }),
    limits: {
      connectMs: connectTimeoutMs,
      firstEventMs: settings.firstEventTimeoutMs,
      streamIdleMs: settings.streamIdleTimeoutMs,
      responseMs: settings.responseTimeoutMs,
    },
    bodyBytesMax,
  });
};
