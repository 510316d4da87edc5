import { afterAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { rowFor } from '../support/dialects.js';
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { newFolder, startGateway, type Gateway } from '../support/gateway.js';
import { json, sse, type Script } from '../support/script.js';
import { findingsOf, remainsOf } from './findings.js';
import { liveAndDie, type Life, type Stage } from './life.js';
import { killsWanted } from '../support/campaign-size.js';

const kills = killsWanted(10);
const shortestLifeMs = 150;
const longestLifeMs = 1_800;
const startAndStopMsMax = 12_000;

const folder = newFolder();
const upstreams: FakeUpstream[] = [];
afterAll(async () => {
  await Promise.all(upstreams.map((upstream) => upstream.close()));
  rmSync(folder, { recursive: true, force: true });
});

const languages = [rowFor('anthropic', true), rowFor('responses', false), rowFor('openai', true)];
const healthy = ({ target }: { readonly target: string }): Script => {
  const row = languages.find(({ path }) => target.startsWith(path)) ?? rowFor('openai', true);
  return row.streaming ? sse(row.events('x')) : json(200, row.body('x'));
};

const upstreamUrl = async (answer: (request: { readonly target: string }) => Script): Promise<string> => {
  const upstream = await startUpstream(answer);
  upstreams.push(upstream);
  return upstream.url;
};

const ringSize = 11;

/** A channel that fails before one that answers, a ring, and some to be cooled by hand. */
const setStage = async (gateway: Gateway): Promise<Stage> => {
  const good = await upstreamUrl(healthy);
  const failing = await upstreamUrl(() => json(500, '{"error":{"type":"server_error","message":"x"}}'));
  await gateway.admin.addChannel({ url: failing, models: ['m'], priority: 10 });
  await gateway.admin.addChannel({ url: good, models: ['m'], priority: 5 });
  const add = (models: readonly string[]): Promise<number> => gateway.admin.addChannel({ url: good, models });
  const ring: number[] = [];
  for (let place = 0; place < ringSize; place += 1) ring.push(await add(['ring']));
  return { model: 'm', ringModel: 'ring', ring, cooled: [await add(['cooled']), await add(['cooled'])] };
};

interface Ending {
  readonly problems: readonly string[];
  readonly rowsLost: number;
  readonly rowsSaid: number;
  readonly rowsUncertain: number;
  readonly oldestLostMs: number;
  readonly rowsFinished: number;
}

const path = join(folder, 'ccload.db');

let running: Gateway;
afterAll(() => running.process.signal('SIGKILL'));

/** The end of this life, and what the next start says of it. */
const killOnce = async (stage: Stage, before: Life): Promise<Ending> => {
  const gateway = running;
  const life: Life = { ...before, finished: [], turns: [], begun: 0, open: new Set() };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const killedAt = await liveAndDie(gateway, life, stage, shortestLifeMs + Math.random() * (longestLifeMs - shortestLifeMs));
  delay.disable();
  const { problems, rowsLost, oldestLostMs } = findingsOf(life, stage, await remainsOf(path, stage.ringModel), { killedAt, lagMs: delay.max / 1e6 });
  // What has no answer may have happened: from here on the file tells.
  for (const name of life.open) before.promised.delete(name);
  running = await startGateway({ folder });
  const report = JSON.parse((await running.admin.request('GET', '/admin/health')).text).data.unclean_end;
  const rowsOpen = 2 * (life.begun - life.finished.length);
  const saidTooMany = report === null || report.rows_missing > rowsLost + rowsOpen;
  return {
    problems: saidTooMany ? [...problems, `reported ${JSON.stringify(report)}, lost ${rowsLost} rows and at most ${rowsOpen} of open calls`] : problems,
    rowsLost,
    rowsSaid: report?.rows_missing ?? 0,
    rowsUncertain: report?.rows_uncertain ?? 0,
    oldestLostMs,
    rowsFinished: life.finished.length,
  };
};

describe('a gateway that is killed in the middle of its work', () => {
  it(`keeps what it promised: ${kills} kills at random moments`, async () => {
    running = await startGateway({ folder });
    const stage = await setStage(running);
    const life: Life = { finished: [], turns: [], begun: 0, promised: new Map(), open: new Set(), cooling: new Map() };

    const endings: Ending[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      endings.push(await killOnce(stage, life));
      if (kills > 20 && endings.length % 20 === 0) process.stderr.write(`${summaryOf(endings, life)}\n`);
    }

    expect(endings.flatMap(({ problems }, kill) => problems.map((problem) => `kill ${kill}: ${problem}`))).toEqual([]);
    expect(endings.reduce((sum, { rowsFinished }) => sum + rowsFinished, 0)).toBeGreaterThan(kills * 5);
    expect(life.promised.size).toBeGreaterThan(kills);
  }, kills * startAndStopMsMax + 30_000);
});

/** What the long form measured, for whoever runs it. */
const summaryOf = (endings: readonly Ending[], life: Life): string => {
  const most = (of: (ending: Ending) => number): number => Math.max(...endings.map(of));
  const sum = (of: (ending: Ending) => number): number => endings.reduce((total, ending) => total + of(ending), 0);
  const beyond = endings.filter(({ rowsLost, rowsSaid, rowsUncertain }) => rowsLost > rowsSaid + rowsUncertain).length;
  return [
    `${endings.length} kills: ${sum(({ rowsFinished }) => rowsFinished)} calls finished, ${life.promised.size} channels written`,
    `rows lost: ${sum(({ rowsLost }) => rowsLost)} in all, ${most(({ rowsLost }) => rowsLost)} at most by one kill, the oldest ${Math.round(most(({ oldestLostMs }) => oldestLostMs))} ms before it`,
    `reported as missing: ${sum(({ rowsSaid }) => rowsSaid)}, as uncertain: ${sum(({ rowsUncertain }) => rowsUncertain)}; lost more than both together: ${beyond} times`,
  ].join('\n');
};
