import { setTimeout as sleep } from 'node:timers/promises';
import { begin } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import type { Gateway } from '../support/gateway.js';

/** A call whose whole answer its client has. */
export interface FinishedCall {
  readonly requestId: string;
  readonly rows: number;
  readonly finishedAt: number;
}

/** A call of the ring, and the place in it that served. */
export interface Turn {
  readonly place: number;
  readonly finishedAt: number;
}

/** What an operator saw of the cooldown of a channel that fails; `undefined`: it was lifted. */
export interface SeenCooldown {
  readonly until: number | undefined;
  readonly seenAt: number;
}

/** What operators were told is stored: by channel name. `undefined`: deleted. */
export type Promised = Map<string, { readonly priority: number } | undefined>;

/** One life of the gateway, as its clients and its operator saw it. */
export interface Life {
  readonly finished: FinishedCall[];
  readonly turns: Turn[];
  /** Calls that have begun. */
  begun: number;
  /** What was told to be stored, over all lives. */
  readonly promised: Promised;
  /** The names of the write that has no answer yet: it may have happened or not. */
  readonly open: Set<string>;
  /** When cooldowns that were set by hand end, by channel id. */
  readonly cooling: Map<number, number>;
  /** The cooldown that failures made, each time it was another. */
  readonly seenCooldowns: SeenCooldown[];
  /** Where the ring's pointer stood when this life began; `undefined`: none had been stored. */
  readonly ringStart: number | undefined;
}

export interface Stage {
  readonly model: string;
  readonly ringModel: string;
  /** Ids of the ring's channels in their order. */
  readonly ring: readonly number[];
  /** Channels that the operator cools by hand. */
  readonly cooled: readonly number[];
  /** The channel that fails whenever it is asked. */
  readonly failing: number;
}

/** Between two calls of the ring: so slow that a second is far from a whole turn. */
const turnEveryMs = 250;
const callRows = [rowFor('anthropic', true), rowFor('responses', false), rowFor('openai', true)] as const;
const [ringRow] = callRows;

/** Begins a call and notes it once its whole answer is there; the kill breaks it off. */
const callOnce = async (gateway: Gateway, life: Life, model: string, which: number): Promise<number | undefined> => {
  const row = callRows[which % callRows.length] ?? ringRow;
  life.begun += 1;
  const answer = await begin(gateway, row, model).answer;
  if (!answer.isComplete) return undefined;
  const requestId = answer.header('x-ccload-request-id') ?? '';
  life.finished.push({ requestId, rows: Math.max(1, Number(answer.header('x-ccload-attempts') ?? 1)), finishedAt: Date.now() });
  return Number(answer.header('x-ccload-channel'));
};

const lane = async (gateway: Gateway, life: Life, model: string, isOver: () => boolean): Promise<void> => {
  for (let call = 0; !isOver(); call += 1) {
    await callOnce(gateway, life, model, call);
    await sleep(5);
  }
};

const ringLane = async (gateway: Gateway, life: Life, { ringModel, ring }: Stage, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    const place = ring.indexOf((await callOnce(gateway, life, ringModel, 0)) ?? 0);
    if (place >= 0) life.turns.push({ place, finishedAt: Date.now() });
    await sleep(turnEveryMs);
  }
};

/** One write of the operator; what it was told to have stored is remembered with the answer, and not before. */
const write = async (gateway: Gateway, life: Life, name: string, edit: { readonly method: string; readonly path: string; readonly body?: object; readonly after: { readonly priority: number } | undefined }): Promise<number | undefined> => {
  life.open.add(name);
  const answer = await gateway.admin.request(edit.method, edit.path, edit.body);
  if (!answer.isComplete) return undefined;
  if (answer.status >= 300) throw new Error(`${edit.method} ${edit.path} answered ${answer.status}: ${answer.text}`);
  life.promised.set(name, edit.after);
  life.open.delete(name);
  return answer.status === 204 ? 0 : Number(JSON.parse(answer.text).data.id);
};

let channelsMade = 0;

/** Adds a channel, changes it, deletes every other one, and cools another by hand. */
const operatorLane = async (gateway: Gateway, life: Life, { cooled }: Stage, isOver: () => boolean): Promise<void> => {
  for (let edit = 0; !isOver(); edit += 1) {
    channelsMade += 1;
    const name = `made-${channelsMade}`;
    const body = { name, api_key: 'sk-made', url: 'https://made.example.com', models: ['unused'], priority: 1 };
    const id = await write(gateway, life, name, { method: 'POST', path: '/admin/channels', body, after: { priority: 1 } });
    if (id === undefined) return;
    const changed = await write(gateway, life, name, { method: 'PUT', path: `/admin/channels/${id}`, body: { ...body, priority: 7 }, after: { priority: 7 } });
    if (changed === undefined) return;
    if (edit % 2 === 0) await write(gateway, life, name, { method: 'DELETE', path: `/admin/channels/${id}`, after: undefined });
    await coolByHand(gateway, life, cooled[edit % cooled.length] ?? 0);
  }
};

const coolByHand = async (gateway: Gateway, life: Life, id: number): Promise<void> => {
  // While it is under way nobody knows which of the two is true.
  life.cooling.delete(id);
  const answer = await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 3_600_000 });
  if (answer.isComplete && answer.status === 200) life.cooling.set(id, JSON.parse(answer.text).data.cooldown_until);
};

const lookEveryMs = 50;

/** Lifts the cooldown of the channel that fails, so that each life has a new one, and watches what becomes of it. */
const watchLane = async (gateway: Gateway, life: Life, { failing }: Stage, isOver: () => boolean): Promise<void> => {
  const lifted = await gateway.admin.request('DELETE', `/admin/channels/${failing}/cooldown`);
  if (lifted.isComplete) life.seenCooldowns.push({ until: undefined, seenAt: Date.now() });
  while (!isOver()) {
    const until = await cooldownOf(gateway, failing);
    if (until !== undefined && until !== life.seenCooldowns.at(-1)?.until) life.seenCooldowns.push({ until, seenAt: Date.now() });
    await sleep(lookEveryMs);
  }
};

/** When the cooldown of a channel ends, as an operator is told; `undefined` when it does not cool. */
export const cooldownOf = async (gateway: Gateway, id: number): Promise<number | undefined> => {
  const answer = await gateway.admin.request('GET', `/admin/channels/${id}`);
  if (!answer.isComplete) return undefined;
  const { data }: { readonly data: { readonly cooldown_until?: number | null } } = JSON.parse(answer.text);
  return data.cooldown_until ?? undefined;
};

/** Traffic and edits for `forMs`, then kill -9; resolves when everybody has noticed, with the moment of the kill. */
export const liveAndDie = async (gateway: Gateway, life: Life, stage: Stage, forMs: number): Promise<number> => {
  let over = false;
  const isOver = (): boolean => over;
  const lanes = [0, 1, 2].map(() => lane(gateway, life, stage.model, isOver));
  const others = [ringLane, operatorLane, watchLane].map((other) => other(gateway, life, stage, isOver));
  await sleep(forMs);
  over = true;
  const killedAt = Date.now();
  gateway.process.signal('SIGKILL');
  await gateway.process.exitCode();
  // Whoever is cut off by the kill ends his lane.
  const ended = await Promise.allSettled([...lanes, ...others]);
  const problem = ended.find((lane) => lane.status === 'rejected');
  if (problem !== undefined) throw problem.reason;
  return killedAt;
};
