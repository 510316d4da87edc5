import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { LineListener } from '../database/database-line.js';
import type { News } from '../domain/news.js';
import { letterFrom } from './news-text.js';
import { SharedLine } from './shared-line.js';

/** A way that remembers what was sent, and lets a test say what comes. */
const newLine = (textBytesMax = 7_900) => {
  const sent: string[] = [];
  let listener: LineListener | undefined;
  const line = new SharedLine({ textBytesMax, send: (text) => sent.push(text), listen: (given) => (listener = given) }, textBytesMax);
  const heard: News[] = [];
  let missed = 0;
  line.listen({ hear: (news) => heard.push(news), missed: () => (missed += 1) });
  return { line, sent, heard, missed: () => missed, comes: (text: string) => listener?.heard(text), opens: () => listener?.opened() };
};

const cooldown = (model: string): News => ({
  kind: 'cooldown',
  channelId: 1,
  model,
  knowledge: { cooldown: { until: 2, since: 1, durationMs: 1, reason: 'status 500', proven: false }, liftedAt: 0 },
});
const probe: News = { kind: 'probe', channelId: 1, model: 'm', isRunning: true };

describe('news on a shared line', () => {
  it('is heard by others as it was told, and not by who told it', async () => {
    const [teller, other] = [newLine(), newLine()];
    const placed = { until: 2, since: 1, durationMs: 1, reason: 'status 500', proven: false, place: 9 };
    const cleared: News = { kind: 'cooldown', channelId: 2, model: undefined, knowledge: { cooldown: placed, liftedAt: 7, clearedAt: 6 } };
    const news: readonly News[] = [cooldown('m'), probe, { kind: 'channels' }, cleared, { kind: 'cooldown', channelId: 2, model: undefined, knowledge: { cooldown: undefined, liftedAt: 7 } }];
    for (const one of news) teller.line.publish(one);
    await pause(20);
    expect(teller.sent).toHaveLength(1);
    for (const { comes } of [teller, other]) comes(teller.sent[0] ?? '');
    expect(other.heard).toEqual(news);
    expect(teller.heard).toEqual([]);
  });

  it('travels in letters that the way takes, in order, whatever characters it has', () => {
    const { line, sent } = newLine(1_000);
    const news = Array.from({ length: 40 }, (_, index) => cooldown(`型号"\\ ${index}`));
    for (const one of news) line.publish(one);
    line.send();
    expect(Math.max(...sent.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(1_000);
    expect(sent.flatMap((text) => letterFrom(text)?.news ?? [])).toEqual(news);
  });

  it('that no letter can hold sends the others to the tables instead', () => {
    const [teller, other] = [newLine(1_000), newLine()];
    for (const news of [probe, cooldown('x'.repeat(2_000)), probe]) teller.line.publish(news);
    teller.line.send();
    for (const text of teller.sent) other.comes(text);
    expect([other.heard, other.missed()]).toEqual([[probe, probe], 1]);
  });

  it('may have been missed by both sides when the way was closed', () => {
    const [reopened, other] = [newLine(), newLine()];
    reopened.opens();
    for (const text of reopened.sent) other.comes(text);
    expect([reopened.missed(), other.missed()]).toEqual([1, 1]);
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '{"from":1,"news":[]}',
    '{"from":"a","news":7}',
    '{"from":"a","news":[null,{"kind":"weather"},{"kind":"cooldown","channelId":"1"},{"kind":"cooldown","channelId":1},{"kind":"probe","channelId":1}]}',
  ])('that is none is not heard: %s', (text) => {
    const { comes, heard } = newLine();
    comes(text);
    expect(heard).toEqual([]);
  });
});
