import { DataSource } from 'typeorm';
import type { Life, Stage } from './life.js';

/** Longest age of what a crash may cost. */
export const lostMsMax = 1_000;

/** The file as a crash left it. */
export interface Remains {
  readonly integrity: string;
  readonly rowsByRequest: ReadonlyMap<string, number>;
  readonly priorities: ReadonlyMap<string, number>;
  readonly cooling: ReadonlyMap<number, number>;
  readonly ringPosition: number | undefined;
}

/** Reads the file before the next start, changing nothing. */
export const remainsOf = async (path: string, ringModel: string): Promise<Remains> => {
  const file = new DataSource({ type: 'better-sqlite3', database: path, readonly: true, fileMustExist: true });
  await file.initialize();
  try {
    const [check]: readonly { integrity_check: string }[] = await file.query('PRAGMA integrity_check');
    const rows: readonly { request_id: string; count: number }[] = await file.query('SELECT request_id, COUNT(*) AS count FROM logs GROUP BY request_id');
    const channels: readonly { name: string; priority: number }[] = await file.query('SELECT name, priority FROM channels');
    const cooldowns: readonly { channel_id: number; until: number }[] = await file.query('SELECT channel_id, until FROM cooldowns');
    const [pointer]: readonly { next_index: number }[] = await file.query('SELECT next_index FROM rr WHERE model = ?', [ringModel]);
    return {
      integrity: check?.integrity_check ?? 'no answer',
      rowsByRequest: new Map(rows.map(({ request_id, count }) => [request_id, count])),
      priorities: new Map(channels.map(({ name, priority }) => [name, priority])),
      cooling: new Map(cooldowns.map(({ channel_id, until }) => [channel_id, until])),
      ringPosition: pointer?.next_index,
    };
  } finally {
    await file.destroy();
  }
};

const writeProblems = ({ promised, open, cooling }: Life, remains: Remains): readonly string[] => [
  ...[...promised].flatMap(([name, told]) => {
    const found = remains.priorities.get(name);
    return open.has(name) || found === told?.priority ? [] : [`${name}: told priority ${told?.priority}, found ${found}`];
  }),
  ...[...cooling].flatMap(([id, until]) => (remains.cooling.get(id) === until ? [] : [`channel ${id}: told to cool until ${until}, found ${remains.cooling.get(id)}`])),
];

/** What was compared, and what was wrong with it: a comparison that never takes place proves nothing. */
interface Comparison {
  readonly compared: number;
  readonly problems: readonly string[];
}

/** The pointer may be as old as what a crash may cost, and no older; and the life before it has begun where the file said. */
const pointers = ({ turns, ringStart }: Life, { ring }: Stage, { ringPosition }: Remains, lostSince: number): Comparison => {
  const recent = turns.filter(({ finishedAt }) => finishedAt >= lostSince);
  const before = turns.filter(({ finishedAt }) => finishedAt < lostSince).at(-1);
  const stored = before === undefined ? ringStart : before.place + 1;
  if (stored === undefined) return { compared: 0, problems: [] };
  const possible = [stored, ...recent.map(({ place }) => place + 1)].map((place) => place % ring.length);
  // The call that the kill cut off may have moved it once more.
  possible.push(((possible.at(-1) ?? 0) + 1) % ring.length);
  const [first] = turns;
  return {
    compared: 1,
    problems: [
      ...(ringPosition !== undefined && possible.includes(ringPosition % ring.length) ? [] : [`the pointer is ${ringPosition}, possible were ${possible.join(', ')}`]),
      ...(first === undefined || ringStart === undefined || first.place === ringStart % ring.length ? [] : [`the ring began at ${first.place}, stored was ${ringStart}`]),
    ],
  };
};

/** A cooldown made by failures may be as old as what a crash may cost, and no older. One that is newer than all that was seen was not seen yet. */
const failureCooldowns = ({ seenCooldowns }: Life, { failing }: Stage, { cooling }: Remains, lostSince: number): Comparison => {
  const recent = seenCooldowns.filter(({ seenAt }) => seenAt >= lostSince);
  const before = seenCooldowns.filter(({ seenAt }) => seenAt < lostSince).at(-1);
  if (before?.until === undefined) return { compared: 0, problems: [] };
  const found = cooling.get(failing);
  const possible = [before, ...recent].map(({ until }) => until);
  const isNewer = found !== undefined && found > Math.max(...seenCooldowns.map(({ until = 0 }) => until));
  return { compared: 1, problems: isNewer || possible.includes(found) ? [] : [`the channel that fails cools until ${found}, seen were ${possible.join(', ')}`] };
};

export interface Findings {
  readonly problems: readonly string[];
  /** Log rows of finished calls that are not there. */
  readonly rowsLost: number;
  /** How long before the kill the oldest of these calls had finished. */
  readonly oldestLostMs: number;
  readonly pointersCompared: number;
  readonly cooldownsCompared: number;
}

/** Compares what clients and operator were told with what the crash has left. `lagMs`: how late timers were on this machine. */
export const findingsOf = (life: Life, stage: Stage, remains: Remains, end: { readonly killedAt: number; readonly lagMs: number }): Findings => {
  const lost = life.finished.filter(({ requestId }) => !remains.rowsByRequest.has(requestId));
  const oldestLostMs = Math.max(0, ...lost.map(({ finishedAt }) => end.killedAt - finishedAt));
  const lostMsAllowed = lostMsMax + end.lagMs;
  const pointer = pointers(life, stage, remains, end.killedAt - lostMsAllowed);
  const cooldown = failureCooldowns(life, stage, remains, end.killedAt - lostMsAllowed);
  return {
    problems: [
      ...(remains.integrity === 'ok' ? [] : [`integrity_check: ${remains.integrity}`]),
      ...writeProblems(life, remains),
      ...pointer.problems,
      ...cooldown.problems,
      ...(oldestLostMs <= lostMsAllowed ? [] : [`a row is missing of a call that finished ${oldestLostMs} ms before the kill`]),
    ],
    rowsLost: lost.reduce((sum, { rows }) => sum + rows, 0),
    oldestLostMs,
    pointersCompared: pointer.compared,
    cooldownsCompared: cooldown.compared,
  };
};
