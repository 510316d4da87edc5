import { describe, expect, it } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import { backlogCooldownsMax, backlogRowsMax, EventBacklog } from './event-backlog.js';

describe('the backlog', () => {
  it('gives its news once', () => {
    const backlog = new EventBacklog();
    backlog.addRow(attemptRecord());
    expect(backlog.take().rows).toHaveLength(1);
    expect(backlog.take()).toEqual({ rows: [], cooldowns: [], skipped: 0 });
  });

  it('counts what it has no room for', () => {
    const backlog = new EventBacklog();
    for (let at = 0; at < backlogRowsMax + 5; at += 1) backlog.addRow(attemptRecord());
    for (let at = 0; at < backlogCooldownsMax + 7; at += 1) backlog.addCooldown({ channelId: at, model: undefined, cooldown: undefined });
    const { rows, cooldowns, skipped } = backlog.take();
    expect([rows.length, cooldowns.length, skipped]).toEqual([backlogRowsMax, backlogCooldownsMax, 12]);
  });

  it('keeps the last state of a cooldown, that of the channel apart from those of its models', () => {
    const backlog = new EventBacklog();
    backlog.addCooldown({ channelId: 1, model: undefined, cooldown: { until: 5, durationMs: 5, reason: 'first' } });
    backlog.addCooldown({ channelId: 1, model: 'm', cooldown: undefined });
    backlog.addCooldown({ channelId: 1, model: undefined, cooldown: undefined });
    expect(backlog.take().cooldowns).toEqual([
      { channelId: 1, model: undefined, cooldown: undefined },
      { channelId: 1, model: 'm', cooldown: undefined },
    ]);
  });
});
