import { Logger, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { AuthModule } from '../auth/auth.module.js';
import { TokenGate } from '../auth/token-gate.js';
import { ChannelSnapshot } from '../channels/channel-snapshot.js';
import { ChannelsModule } from '../channels/channels.module.js';
import type { Config } from '../config/config.js';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { SessionAffinity } from '../domain/affinity.js';
import { EventFeed } from '../events/event-feed.js';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { HealthService } from '../health/health.service.js';
import { bugReport } from '../http/bug-report.js';
import { clientIpBehind } from '../http/client-ip.js';
import { BufferedCallSink } from '../logs/buffered-call-sink.js';
import { CallFanout } from '../logs/call-fanout.js';
import { LogsModule } from '../logs/logs.module.js';
import { CallCounts } from '../metrics/call-counts.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { MemoryRotationCursor } from '../round-robin/memory-rotation-cursor.js';
import { RoundRobinModule } from '../round-robin/round-robin.module.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { TelemetryService } from '../telemetry/telemetry.service.js';
import { BodyBudget } from './body-budget.js';
import { assembleProxy, type ProxySettings } from './assemble-proxy.js';
import { InFlight } from './in-flight.js';
import { ProxyServer } from './proxy-server.js';

const settingsOf = (settings: ConfigService<Config, true>): ProxySettings => ({
  connectTimeoutMs: settings.get('connectTimeoutMs', { infer: true }),
  firstEventTimeoutMs: settings.get('firstEventTimeoutMs', { infer: true }),
  streamIdleTimeoutMs: settings.get('streamIdleTimeoutMs', { infer: true }),
  responseTimeoutMs: settings.get('responseTimeoutMs', { infer: true }),
  bodyBytesMax: settings.get('bodyBytesMax', { infer: true }),
  allowLinkLocal: settings.get('allowLinkLocal', { infer: true }),
});

/** The one place where the planes meet: the in-memory classes of the features become the data plane's means. */
@Module({
  imports: [AuthModule, ChannelsModule, CooldownModule, EventsModule, HealthModule, LogsModule, MetricsModule, RoundRobinModule, TelemetryModule],
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
      inject: [BufferedCallSink, CallCounts, EventFeed, TelemetryService],
      useFactory: (log: BufferedCallSink, counts: CallCounts, events: EventFeed, telemetry: TelemetryService) =>
        new CallFanout([log, counts, events, ...telemetry.sinks]),
    },
    {
      provide: ProxyServer,
      inject: [ConfigService, TokenGate, ChannelSnapshot, MemoryCooldownBook, MemoryRotationCursor, CallFanout, InFlight, BodyBudget, TelemetryService],
      useFactory: (
        settings: ConfigService<Config, true>,
        gate: TokenGate,
        directory: ChannelSnapshot,
        cooldowns: MemoryCooldownBook,
        rotation: MemoryRotationCursor,
        sink: CallFanout,
        inFlight: InFlight,
        bodies: BodyBudget,
        telemetry: TelemetryService,
      ): ProxyServer => {
        const logger = new Logger('Proxy');
        return assembleProxy(settingsOf(settings), {
          gate,
          directory,
          cooldowns,
          rotation,
          sink,
          affinity: new SessionAffinity(settings.get('databaseUrl', { infer: true }) !== undefined),
          inFlight,
          bodies,
          traces: telemetry.headers,
          clientIp: clientIpBehind(settings.get('trustedProxies', { infer: true })),
          reportBug: (bug, requestId) => logger.error(`request ${requestId} failed inside the gateway`, bugReport(bug)),
        });
      },
    },
  ],
  exports: [ProxyServer],
})
export class ProxyModule {}
