// One measured run, and the series of them that a comparison needs.
import { answerMs } from './processes.mjs';
import { workloads } from './workloads.mjs';

/** Load before counting begins: connections open, caches of the processor warm again after the other target's turn. */
const rampSeconds = 0.3;

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const cpuSecondsOf = async (processes) => Promise.all(processes.map(async (each) => (await each.usage()).cpuSeconds));

/** Two clocks in µs, read where counting begins and ends, so that a profile can be cut to the same moments. */
const nowUs = () => Number(process.hrtime.bigint() / 1_000n);

/**
 * Puts load on a target. `plan` is `{ request, connections, seconds, staggerSeconds?, rate? }`. CPU is user and system time of all its threads,
 * divided by the answers that were complete, right and within the counted time.
 */
export const measureRun = async ({ load, upstream }, target, plan) => {
  const ms = ((plan.staggerSeconds ?? 0) + rampSeconds + plan.seconds) * 1_000 + answerMs;
  const begin = load.told('begin');
  const end = load.told('end', ms);
  const done = load.told('done', ms);
  // Awaited further down; a load that dies before would otherwise reject them where nobody listens.
  for (const later of [end, done]) later.catch(() => undefined);
  load.tell({ kind: 'run', rampSeconds, ...plan, port: target.port });
  await begin;
  const beginUs = nowUs();
  const before = await cpuSecondsOf([target, upstream, load]);
  const { result } = await end;
  const [targetSeconds, ...otherSeconds] = (await cpuSecondsOf([target, upstream, load])).map((after, index) => after - before[index]);
  const windowUs = { begin: beginUs, end: nowUs() };
  target.answersInAll += (await done).answersInAll;
  if (result.wholeAnswers === 0) throw new Error(`${target.name} gave no right answer: ${JSON.stringify(result.reasons)}`);
  return {
    ...result,
    answersPerSecond: result.answers / result.seconds,
    cpuUs: (targetSeconds * 1e6) / result.answers,
    /** Shares of a core. */
    targetBusy: targetSeconds / result.seconds,
    otherBusy: otherSeconds.reduce((sum, each) => sum + each, 0) / result.seconds,
    windowUs,
  };
};

/** Who takes part in a workload, in the order of the rounds; a ratio is against `against`'s run of the same round. */
const contendersOf = (workload, targets) => {
  const present = new Set(targets.map(({ name }) => name));
  const measureOf = (name) => (name === 'gateway before' ? 'gateway' : 'bare relay');
  const contenders = targets.map((target) => ({
    label: target.name,
    target,
    request: workload.request,
    against: target.name !== 'bare relay' && present.has(measureOf(target.name)) ? measureOf(target.name) : undefined,
    ratioMax: target.name === 'gateway' ? workload.ratioMax : undefined,
  }));
  const gateway = contenders.find(({ label }) => label === 'gateway');
  if (workload.also === undefined || gateway === undefined) return contenders;
  const { request, ratioMax } = workload.also;
  return [...contenders, { ...gateway, label: 'gateway, model last', request, against: 'gateway', ratioMax }];
};

const summaryOf = ({ label, against, ratioMax }, runs) => {
  const mine = runs.get(label);
  const of = (read) => median(mine.map(read));
  const cpus = mine.map(({ cpuUs }) => cpuUs);
  return {
    label,
    cpuUs: median(cpus),
    cpuUsMin: Math.min(...cpus),
    cpuUsMax: Math.max(...cpus),
    answersPerSecond: of((run) => run.answersPerSecond),
    p50Us: of((run) => run.latencyUs.p50),
    p99Us: of((run) => run.latencyUs.p99),
    readsPerAnswer: of((run) => run.readsPerAnswer),
    targetBusy: of((run) => run.targetBusy),
    otherBusy: of((run) => run.otherBusy),
    failures: mine.reduce((sum, run) => sum + run.failures, 0),
    against,
    ratio: against === undefined ? undefined : median(cpus.map((cpu, round) => cpu / runs.get(against)[round].cpuUs)),
    ratioMax,
  };
};

/** Warms every contender up, then lets them run in turn: what disturbs the machine for a while disturbs all of them. */
export const compare = async (bench, name, targets, { runs, seconds, warmupSeconds }) => {
  const workload = workloads[name];
  const { connections, staggerSeconds } = workload;
  const contenders = contendersOf(workload, targets);
  const run = ({ target, request }, length) =>
    measureRun(bench, target, { request, connections, staggerSeconds, seconds: length });
  for (const contender of contenders) await run(contender, warmupSeconds);
  const results = new Map(contenders.map(({ label }) => [label, []]));
  for (let round = 1; round <= runs; round++) {
    for (const contender of contenders) {
      const result = await run(contender, seconds);
      results.get(contender.label).push(result);
      bench.progress(`${name} ${round}/${runs} ${contender.label}: ${result.cpuUs.toFixed(1)} µs`);
    }
  }
  return {
    workload: name,
    title: workload.title,
    also: workload.also?.title,
    rows: contenders.map((contender) => summaryOf(contender, results)),
    runs: Object.fromEntries(results),
  };
};
