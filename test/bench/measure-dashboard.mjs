// Does an open dashboard slow the calls down? W1 at half load through a gateway with millions of log rows, without anybody
// who looks and with the overview open: its event stream, and the page itself as often as the page asks for it again.
import { setTimeout as wait } from 'node:timers/promises';
import { startOnFilledLog } from './filled-log.mjs';
import { measureRun, median } from './measure.mjs';
import { workloads } from './workloads.mjs';

const { request, connections } = workloads.W1;
const loadShare = 0.5;
/** Requests come at random moments, so for a while more are under way than on average. */
const openConnections = 2 * connections;
const overview = '/web/';
const news = '/admin/events';
/** `views/assets/js/refresh.js`: at most one look in this time, and with calls all the time there is always news. */
const lookEveryMs = 3_000;

/** Opens the overview; the function that comes back closes it and says how often it looked and the slowest look in ms. */
const openDashboard = (operator) => {
  const following = operator.follow(news);
  let [looks, slowestMs, isOpen] = [0, 0, true];
  const looking = (async () => {
    while (isOpen) {
      const startedAt = performance.now();
      await operator.read(overview);
      looks += 1;
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      await wait(lookEveryMs);
    }
  })();
  return async () => {
    isOpen = false;
    const [heardBytes] = await Promise.all([following.end(), looking]);
    return { looks, slowestMs, heardBytes };
  };
};

export const measureDashboard = async (bench, place, { dashboardRows: rows, runs, seconds, warmupSeconds }) => {
  bench.progress(`dashboard: filling a log with ${rows} rows`);
  const gateway = await startOnFilledLog(bench, place, rows);
  try {
    await measureRun(bench, gateway, { request, connections, seconds: warmupSeconds });
    const { answersPerSecond } = await measureRun(bench, gateway, { request, connections, seconds });
    const plan = { request, connections: openConnections, seconds, rate: answersPerSecond * loadShare };
    const [closed, open, visits] = [[], [], []];
    // The first look compiles what a dashboard needs, and counts for neither.
    await openDashboard(gateway.operator)();
    for (let round = 1; round <= runs; round++) {
      closed.push(await measureRun(bench, gateway, plan));
      const close = openDashboard(gateway.operator);
      open.push(await measureRun(bench, gateway, plan));
      visits.push(await close());
      bench.progress(`dashboard ${round}/${runs}: p99 ${closed.at(-1).latencyUs.p99.toFixed(0)} µs closed, ${open.at(-1).latencyUs.p99.toFixed(0)} µs open`);
    }
    const summary = (label, all) => ({
      label,
      p50Us: median(all.map(({ latencyUs }) => latencyUs.p50)),
      p99Us: median(all.map(({ latencyUs }) => latencyUs.p99)),
      targetBusy: median(all.map(({ targetBusy }) => targetBusy)),
      failures: all.reduce((sum, { failures }) => sum + failures, 0),
    });
    return {
      rows,
      rate: plan.rate,
      closed: summary('nobody looks', closed),
      open: summary('dashboard open', open),
      /** Of neighbouring runs. */
      p99Ratio: median(open.map(({ latencyUs }, round) => latencyUs.p99 / closed[round].latencyUs.p99)),
      looks: visits.reduce((sum, each) => sum + each.looks, 0),
      slowestMs: Math.max(...visits.map((each) => each.slowestMs)),
      heardBytes: visits.reduce((sum, each) => sum + each.heardBytes, 0),
    };
  } finally {
    await gateway.stop();
  }
};
