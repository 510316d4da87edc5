import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAdmin } from '../support/admin-app.js';
import { operationsOf } from '../support/api-contract.js';
import { awkwardText, canaryOf, newCanary, tracesIn, type Canary } from '../support/canaries.js';
import { open } from '../support/client.js';
import { FakeCollector } from '../support/fake-collector.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { until } from '../support/until.js';
import { routesOf } from '../support/routes.js';
import { commandOutput, readEverything, refusedOnes, type Read } from './administration.js';
import { Deeds } from './deeds.js';
import { makeModelCalls, type Told } from './model-calls.js';
import { keyText, passwordText, plantCanaries, type Planted } from './planted.js';

/*
 * One gateway that logs as much as it can is sent secrets on every route and through every failure; then each place that
 * somebody may read is searched for them.
 */

/** A few seconds on a quiet machine. */
const driveMsMax = 180_000;

/** One way to run the gateway. */
interface Setting {
  readonly isSealed: boolean;
  readonly workers: number;
}

const environmentOf = (planted: Planted, { isSealed, workers }: Setting, collector: string): Readonly<Record<string, string>> => ({
  CCLOAD_PASS: passwordText(planted),
  CCLOAD_AUTH: `another-token,${awkwardText(planted.token)}`,
  CCLOAD_METRICS_TOKEN: awkwardText(planted.metricsToken),
  ...(isSealed ? { CCLOAD_SECRET_KEY: awkwardText(planted.secretKey) } : {}),
  ...(workers === 0 ? {} : { CCLOAD_WORKERS: String(workers) }),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${planted.collectorToken.core}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  LOG_LEVEL: 'debug',
  TRUST_PROXY: 'loopback',
  FIRST_EVENT_TIMEOUT_MS: '1000',
  STREAM_IDLE_TIMEOUT_MS: '1000',
  RESPONSE_TIMEOUT_MS: '1000',
  DRAIN_TIMEOUT_MS: '1000',
});

/** All files in the gateway's folder, end to end. */
const filesIn = (folder: string): Buffer => Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));

/** What was told that holds a secret, one line each: its first line and what was found. */
const tracesInEach = (texts: readonly string[], secrets: readonly Canary[]): readonly string[] =>
  texts.flatMap((text) => {
    const traces = tracesIn(text, secrets);
    return traces.length === 0 ? [] : [`${text.split('\n', 1)[0] ?? ''}: ${traces.join(', ')}`];
  });

/** Routes that nobody has to drive, and why. */
const notDriven: Readonly<Record<string, string>> = {
  'GET /docs/start.js': 'a file of the program',
  'GET /docs/swagger-ui-bundle.js': 'a file of a package',
  'GET /docs/swagger-ui.css': 'a file of a package',
  'GET /web/assets/{digest}/{name}': 'files of the program',
};

/** A route as what was asked for would look: `GET /admin/channels/7`. */
const patternOf = (route: string): RegExp => new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

describe.each<[how: string, setting: Setting]>([
  ['open channel keys', { isSealed: false, workers: 0 }],
  ['sealed channel keys', { isSealed: true, workers: 0 }],
  ['two workers', { isSealed: true, workers: 2 }],
])('with %s,', (_how, setting) => {
  const { isSealed } = setting;
  const planted = plantCanaries();
  const shown = { path: newCanary('path'), model: newCanary('model') };
  let collector: FakeCollector;
  let gateway: Gateway;
  let secrets: readonly Canary[];
  let told: Told;
  let refused: readonly string[];
  let events: string;
  let deeds: Deeds;
  let read: Read;
  let commands: string;

  beforeAll(async () => {
    collector = await FakeCollector.start();
    gateway = await startGateway({ env: environmentOf(planted, setting, collector.url) });
    const sessionId = /s%3A([^.]+)/.exec(gateway.admin.sessionCookie)?.[1] ?? '';
    secrets = [...Object.values(planted), canaryOf('session of the operator', sessionId)];
    const watching = open(gateway.port, { path: '/admin/events', method: 'GET', headers: [['cookie', gateway.admin.sessionCookie]] }, driveMsMax);
    told = await makeModelCalls(gateway, planted, shown);
    refused = await refusedOnes(gateway, planted);
    deeds = new Deeds(gateway, planted);
    await deeds.doAll();
    await until('the last call in the log', async () => ((await gateway.admin.logRows(`model=${shown.model.core}`)).length > 0 ? true : undefined));
    await watching.holds(shown.model.core);
    events = watching.received().text;
    watching.leave();
    read = await readEverything(gateway, planted);
    commands = await commandOutput(gateway, planted);
    await until('the spans of the last call', () => (collector.text.includes(shown.model.core) && collector.metrics.length > 0 ? true : undefined), driveMsMax);
  }, driveMsMax);
  afterAll(async () => {
    await gateway.end();
    await collector.close();
  });

  it('the search finds what is there: a model and a path in the log, and what upstreams say where it is relayed', () => {
    const { model, path } = shown;
    expect(tracesIn(read.text, [model, path])).toHaveLength(4);
    expect(tracesIn(events, [model, path])).toHaveLength(4);
    expect(tracesIn(collector.text, [model, path])).toHaveLength(4);
    expect(tracesIn(filesIn(gateway.process.folder), [model, path])).toHaveLength(4);
    expect(tracesIn(told.relayed.join(), [planted.answer, planted.key])).toHaveLength(4);
  });

  it('keys in clear come only by the two routes that are there for it', async () => {
    const { admin } = gateway;
    const [channel] = await admin.channels();
    for (const path of ['/admin/channels/export', `/admin/channels/${channel?.id}/key`]) {
      const { text } = await admin.request('GET', path);
      expect(tracesIn(text, [planted.key])).toHaveLength(2);
      expect(tracesIn(text, secrets.filter((secret) => secret !== planted.key && secret !== planted.importedKey))).toEqual([]);
    }
  });

  it('no secret stands in what the program prints', () => {
    expect(tracesIn(gateway.process.output, secrets)).toEqual([]);
  });

  it('no secret stands on a page, in a list, in the metrics or in the description', () => {
    expect(tracesIn(read.text, secrets)).toEqual([]);
  });

  it('no secret stands in what the command line prints', () => {
    expect(commands).toContain('can be reached');
    expect(tracesIn(commands, secrets)).toEqual([]);
  });

  it('no secret stands in the events', () => {
    expect(tracesIn(events, secrets)).toEqual([]);
  });

  it('no secret stands in what the collector is sent', () => {
    expect(collector.spans.length).toBeGreaterThan(150);
    expect(tracesIn(collector.text, secrets)).toEqual([]);
    // Neither is an upstream named.
    expect(/127\.0\.0\.1:\d|host-of-upstream|localhost/.exec(collector.text)).toBeNull();
  });

  it('every route was driven, or stands among those that nobody has to drive', async () => {
    const described = [...operationsOf(JSON.parse((await gateway.admin.request('GET', '/docs/json')).text)).keys()];
    const routes = [...new Set([...described, ...routesOf((await startAdmin()).app)])];
    const asked = ['GET /admin/events', ...told.asked, ...deeds.asked, ...read.asked];
    const left = routes.filter((route) => !asked.some((ask) => patternOf(route).test(ask)));
    expect(left.sort()).toEqual(Object.keys(notDriven).sort());
  });

  it('no secret stands in what an operator is told who succeeds', () => {
    expect(tracesInEach(deeds.told, secrets)).toEqual([]);
    // What the upstream said of the key was shown, and masked.
    expect(deeds.told.filter((text) => /\/test 200/.test(text) && text.includes('****'))).toHaveLength(4);
  });

  it('no secret stands in what clients are told by the gateway itself', () => {
    expect(tracesInEach(told.own, secrets)).toEqual([]);
  });

  it('no secret stands in what strangers and mistaken operators are told', () => {
    expect(tracesInEach(refused, secrets)).toEqual([]);
    // An import says in a success which of its rows are bad.
    expect(refused.filter((text) => /^2/.test(text))).toHaveLength(1);
  });

  it('no upstream is named to a client', () => {
    const named = told.own.filter((text) => /127\.0\.0\.1:\d|host-of-upstream|localhost/.test(text));
    expect(named).toEqual([]);
    expect(told.own.length).toBeGreaterThan(150);
  });

  it('the files hold no secret but the keys that are in use', () => {
    const inUse = isSealed ? [] : [planted.key, planted.importedKey];
    const traces = tracesIn(filesIn(gateway.process.folder), secrets.filter((secret) => !inUse.includes(secret)));
    expect(traces).toEqual([]);
    if (!isSealed) expect(filesIn(gateway.process.folder).includes(keyText(planted.key))).toBe(true);
  });
});
