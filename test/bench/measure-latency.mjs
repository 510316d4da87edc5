// Latency that a proxy adds at half load: the same requests at the same rate, once through it and once straight to the upstream.
import { measureRun, median } from './measure.mjs';
import { workloads } from './workloads.mjs';

const { request, connections } = workloads.W1;
/** Half of what the gateway can do. */
const loadShare = 0.5;
/** Requests come at random moments, so for a while more are under way than on average. */
const openConnections = 2 * connections;
/**
 * As much load as goes in, before each run at half load: in the other targets' turns a process rests, and V8 then forgets what
 * it knew of the program. What a rest costs would otherwise be all that a p99 shows (docs/PERFORMANCE.md).
 */
const awakeAfterSeconds = 3;

const summaryOf = (label, runs) => ({
  label,
  p50Us: median(runs.map(({ latencyUs }) => latencyUs.p50)),
  p99Us: median(runs.map(({ latencyUs }) => latencyUs.p99)),
  answersPerSecond: median(runs.map(({ answersPerSecond }) => answersPerSecond)),
  targetBusy: median(runs.map(({ targetBusy }) => targetBusy)),
  failures: runs.reduce((sum, { failures }) => sum + failures, 0),
});

/** The rate is set by the last target, the gateway unless `--targets` says otherwise; the others get the same. */
export const measureLatency = async (bench, targets, { runs, seconds, warmupSeconds }) => {
  const closed = (target, length) => measureRun(bench, target, { request, connections, seconds: length });
  for (const target of targets) await closed(target, warmupSeconds);
  const paced = targets.find(({ name }) => name === 'gateway') ?? targets.at(-1);
  const { answersPerSecond } = await closed(paced, seconds);
  const rate = answersPerSecond * loadShare;
  const contenders = [{ label: 'direct', target: bench.upstream }, ...targets.map((target) => ({ label: target.name, target }))];
  const results = new Map(contenders.map(({ label }) => [label, []]));
  for (let round = 1; round <= runs; round++) {
    for (const { label, target } of contenders) {
      await closed(target, awakeAfterSeconds);
      const result = await measureRun(bench, target, { request, connections: openConnections, seconds, rate });
      results.get(label).push(result);
      bench.progress(`latency ${round}/${runs} ${label}: p50 ${result.latencyUs.p50.toFixed(0)} µs`);
    }
  }
  const rows = contenders.map(({ label }) => summaryOf(label, results.get(label)));
  const [direct] = rows;
  return {
    rate,
    pacedBy: paced.name,
    rows: rows.map((row) => ({ ...row, addedP50Us: row.p50Us - direct.p50Us, addedP99Us: row.p99Us - direct.p99Us })),
    runs: Object.fromEntries(results),
  };
};
