import type { IncomingMessage } from 'node:http';
import { Logger, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import proxyAddr from 'proxy-addr';
import { AuthModule } from '../auth/auth.module.js';
import { TokenGate } from '../auth/token-gate.js';
import { ChannelSnapshot } from '../channels/channel-snapshot.js';
import { ChannelsModule } from '../channels/channels.module.js';
import type { Config } from '../config/config.js';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { SessionAffinity } from '../domain/affinity.js';
import { RetryBudget } from '../domain/retry-budget.js';
import { EventFeed } from '../events/event-feed.js';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { HealthService } from '../health/health.service.js';
import { bugReport } from '../http/bug-report.js';
import { clientAddress } from '../http/client-address.js';
import { BufferedCallSink } from '../logs/buffered-call-sink.js';
import { CallFanout } from '../logs/call-fanout.js';
import { LogsModule } from '../logs/logs.module.js';
import { CallCounts } from '../metrics/call-counts.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import { RoundRobinModule } from '../round-robin/round-robin.module.js';
import { BodyBudget } from './body-budget.js';
import { InFlight } from './in-flight.js';
import { ProxyServer } from './proxy-server.js';
import { Upstreams } from './upstream.js';

/** Who sent the request, believing `X-Forwarded-For` only from the addresses the operator trusts. */
const clientIpBehind = (trustedProxies: readonly string[]): ((request: IncomingMessage) => string) => {
  if (trustedProxies.length === 0) return (request) => request.socket.remoteAddress ?? '';
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request) => clientAddress(proxyAddr(request, trust), request.socket.remoteAddress);
};

/** The one place where the planes meet: the in-memory classes of the features become the data plane's means. */
@Module({
  imports: [AuthModule, ChannelsModule, CooldownModule, EventsModule, HealthModule, LogsModule, MetricsModule, RoundRobinModule],
  providers: [
    {
      provide: BodyBudget,
      inject: [ConfigService],
      useFactory: (settings: ConfigService<Config, true>) => new BodyBudget(settings.get('bodiesBytesMax', { infer: true })),
    },
    {
      provide: InFlight,
      inject: [MetricsService, EventFeed, HealthService, BodyBudget],
      useFactory: (metrics: MetricsService, events: EventFeed, health: HealthService, bodies: BodyBudget): InFlight => {
        const inFlight = new InFlight();
        metrics.watch(inFlight, bodies);
        events.watch(inFlight);
        health.watch(inFlight);
        return inFlight;
      },
    },
    {
      provide: CallFanout,
      inject: [BufferedCallSink, CallCounts, EventFeed],
      useFactory: (log: BufferedCallSink, counts: CallCounts, events: EventFeed) => new CallFanout([log, counts, events]),
    },
    {
      provide: ProxyServer,
      inject: [ConfigService, TokenGate, ChannelSnapshot, MemoryCooldownBook, MemoryRotationCursor, CallFanout, InFlight, BodyBudget],
      useFactory: (
        settings: ConfigService<Config, true>,
        gate: TokenGate,
        directory: ChannelSnapshot,
        cooldowns: MemoryCooldownBook,
        rotation: MemoryRotationCursor,
        sink: CallFanout,
        inFlight: InFlight,
        bodies: BodyBudget,
      ): ProxyServer => {
        const logger = new Logger('Proxy');
        const connectMs = settings.get('connectTimeoutMs', { infer: true });
        return new ProxyServer({
          gate,
          directory,
          cooldowns,
          rotation,
          sink,
          affinity: new SessionAffinity(settings.get('databaseUrl', { infer: true }) !== undefined),
          budget: new RetryBudget(),
          upstreams: new Upstreams(connectMs, { allowLinkLocal: settings.get('allowLinkLocal', { infer: true }) }),
          inFlight,
          bodies,
          limits: {
            connectMs,
            firstEventMs: settings.get('firstEventTimeoutMs', { infer: true }),
            streamIdleMs: settings.get('streamIdleTimeoutMs', { infer: true }),
            responseMs: settings.get('responseTimeoutMs', { infer: true }),
          },
          bodyBytesMax: settings.get('bodyBytesMax', { infer: true }),
          clientIp: clientIpBehind(settings.get('trustedProxies', { infer: true })),
          reportBug: (bug, requestId) => logger.error(`request ${requestId} failed inside the gateway`, bugReport(bug)),
        });
      },
    },
  ],
  exports: [ProxyServer],
})
export class ProxyModule {}
