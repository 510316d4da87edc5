import type { Gateway } from './gateway.js';

type StoredChannel = Awaited<ReturnType<Gateway['admin']['channels']>>[number];

const channelNamed = async ({ admin }: Gateway, name: string): Promise<StoredChannel> => {
  const found = (await admin.channels()).find((channel) => channel.name === name);
  if (found === undefined) throw new Error(`expected a channel ${name}`);
  return found;
};

/** What another operator does meanwhile. */
export const changePriority = async (gateway: Gateway, name: string, priority: number): Promise<void> => {
  const found = await channelNamed(gateway, name);
  await gateway.admin.updateChannel(found.id, { ...found, priority, updated_at: undefined });
};

/** Lets a channel cool for ten minutes, with the reason "set by an operator". */
export const coolDown = async (gateway: Gateway, name: string): Promise<void> => {
  const { id } = await channelNamed(gateway, name);
  await gateway.admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 600_000 });
};

export const endCooldown = async (gateway: Gateway, name: string): Promise<void> => {
  const { id } = await channelNamed(gateway, name);
  await gateway.admin.request('DELETE', `/admin/channels/${id}/cooldown`);
};
