import type { Server } from 'node:http';
import { TokenGate } from '../auth/token-gate.js';
import { ChannelSnapshot } from '../channels/channel-snapshot.js';
import { inSlices } from '../channels/in-slices.js';
import type { Config } from '../config/config.js';
import { SessionAffinity } from '../domain/affinity.js';
import { catalogSteps } from '../domain/catalog.js';
import type { Channel } from '../domain/channel.js';
import { untraced } from '../domain/untraced.js';
import { liveCallsShownMax } from '../events/live-view.js';
import { frontDoor } from '../front-door.js';
import { bugReport } from '../http/bug-report.js';
import { clientIpBehind } from '../http/client-ip.js';
import { closeServer, connectionsMax, createHttpServer, listen, turnedAwaySentence } from '../http-server.js';
import { affordableConnections } from '../open-files.js';
import { BodyBudget } from '../proxy/body-budget.js';
import { assembleProxy, type ProxyRoles } from '../proxy/assemble-proxy.js';
import { callsInFlightMax, InFlight } from '../proxy/in-flight.js';
import type { ProxyServer } from '../proxy/proxy-server.js';
import { KeptTraceHeaders } from '../telemetry/kept-trace-headers.js';
import { forwardTo } from './control-forwarder.js';
import { OutgoingCalls } from './outgoing-calls.js';
import { SharedView } from './shared-view.js';
import type { FromWorker, ToWorker, WorkerReport, WorkerStart } from './worker-messages.js';

const reportEveryMs = 250;

/** This worker's part of a limit that holds for all of them together. */
const shareOf = (whole: number, workers: number): number => Math.max(1, Math.floor(whole / workers));

/** A body that may be sent must find room in every worker. */
const bodyBudgetOf = ({ bodiesBytesMax, bodyBytesMax, workers }: Config): BodyBudget =>
  new BodyBudget(Math.max(bodyBytesMax, shareOf(bodiesBytesMax, workers)));

/** One relaying process: the data plane on the port that all share, and news of everything to and from the books. */
export class RelayWorker {
  readonly #send: (message: FromWorker) => void;
  readonly #channels = new ChannelSnapshot();
  readonly #view: SharedView;
  readonly #outgoing: OutgoingCalls;
  readonly #inFlight: InFlight;
  readonly #bodies: BodyBudget;
  readonly #proxy: ProxyServer;
  readonly #server: Server;
  readonly #reporting: NodeJS.Timeout;
  #wasIdle = false;
  /** Snapshots take effect in the order they came. */
  #replacing: Promise<void>;

  constructor(start: WorkerStart, send: (message: FromWorker) => void) {
    const { config } = start;
    const { workers } = config;
    this.#send = send;
    this.#outgoing = new OutgoingCalls({ send: (calls, dropped) => send({ kind: 'ended', calls, dropped }) });
    this.#view = new SharedView(start, config, (news) => send({ kind: 'news', ...news }));
    this.#view.begin();
    this.#inFlight = new InFlight(shareOf(callsInFlightMax, workers));
    this.#bodies = bodyBudgetOf(config);
    const roles: ProxyRoles = {
      gate: new TokenGate(config.tokens),
      directory: this.#channels,
      cooldowns: this.#view.cooldowns,
      rotation: this.#view.rotation,
      // A session's connections lead to several workers, and must find the same channel from each.
      affinity: new SessionAffinity(true),
      sink: this.#outgoing,
      inFlight: this.#inFlight,
      bodies: this.#bodies,
      traces: config.telemetry === undefined ? untraced : new KeptTraceHeaders(config.telemetry),
      clientIp: clientIpBehind(config.trustedProxies),
      reportBug: (bug, requestId) => this.#log(`request ${requestId} failed inside the gateway: ${bugReport(bug)}`),
    };
    this.#proxy = assembleProxy(config, roles, start.hopSecret);
    this.#server = createHttpServer(frontDoor(this.#proxy.handler, forwardTo(start.controlPath)), {
      connectionsMax: shareOf(affordableConnections(connectionsMax), workers),
      reportBug: (bug) => this.#log(`uncaught: ${bugReport(bug)}`),
      turnedAway: (connections) => this.#log(turnedAwaySentence(connections)),
    });
    this.#replacing = this.#replace(start.channels);
    this.#reporting = setInterval(() => this.#report(), reportEveryMs);
  }

  /** Takes connections once it knows the channels. Rejects with a sentence when the address cannot be had. */
  async listen({ host, port }: Config): Promise<number> {
    await this.#replacing;
    return listen(this.#server, host, port);
  }

  receive(message: Exclude<ToWorker, { kind: 'start' }>): void {
    switch (message.kind) {
      case 'channels':
        this.#replacing = this.#replacing.then(() => this.#replace(message.channels));
        return;
      case 'news':
        this.#view.hear(message, message.from);
        return;
      case 'taken':
        this.#outgoing.taken();
        return;
      case 'drain':
        void this.#drain();
        return;
      case 'cut-off':
        this.#proxy.cutOff();
        return;
      case 'close':
        void this.#close(message.takenWithinMs);
        return;
    }
  }

  async #replace(channels: readonly Channel[]): Promise<void> {
    this.#channels.replace(channels, await inSlices(catalogSteps(channels)));
  }

  async #drain(): Promise<void> {
    await this.#proxy.drain();
    await this.#rest();
    this.#send({ kind: 'drained' });
  }

  /** Says everything that is left to say. */
  async #rest(): Promise<void> {
    this.#report();
    await this.#outgoing.flush();
  }

  async #close(takenWithinMs: number): Promise<void> {
    await closeServer(this.#server, takenWithinMs);
    this.#proxy.close();
    clearInterval(this.#reporting);
    this.#view.end();
    // The calls that were cut off end now, and are told of before the process goes.
    setImmediate(() => void this.#rest().then(() => process.disconnect()));
  }

  /** Nothing is said twice while nothing is under way. */
  #report(): void {
    const isIdle = this.#inFlight.size === 0;
    if (!isIdle || !this.#wasIdle) this.#send({ kind: 'report', report: this.#reportNow() });
    this.#wasIdle = isIdle;
  }

  #reportNow(): WorkerReport {
    const { size, streams, refused } = this.#inFlight;
    const calls: WorkerReport['calls'][number][] = [];
    for (const { requestId, receivedAt, model, isStreaming, channelId, attempt, committedAt, bytes } of this.#inFlight.calls) {
      if (calls.length >= liveCallsShownMax) break;
      calls.push({ requestId, receivedAt, model, isStreaming, channelId, attempt, committedAt, bytes });
    }
    return { size, streams, refused, calls, bodyBytes: this.#bodies.held, bodiesRefused: this.#bodies.refused };
  }

  #log(sentence: string): void {
    this.#send({ kind: 'sentence', sentence });
  }
}
