import { describe, expect, it } from '@jest/globals';
import { CollectorNews } from './collector-news.js';

const listen = () => {
  const told: string[] = [];
  const clock = { now: 0 };
  const news = new CollectorNews({ warn: (sentence) => told.push(`warn ${sentence}`), inform: (sentence) => told.push(`info ${sentence}`), now: () => clock.now });
  return { told, clock, news };
};

describe('the news of the collector', () => {
  it('is one warning, however often and whatever fails', () => {
    const { told, news } = listen();
    for (let at = 0; at < 100; at += 1) news.failed(at % 2 === 0 ? 'traces' : 'metrics', 'ECONNREFUSED');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^warn The OpenTelemetry collector does not take traces: ECONNREFUSED\./);
  });

  it('is good only when everything is taken again', () => {
    const { told, news } = listen();
    news.failed('traces', 'x');
    news.failed('metrics', 'x');
    news.succeeded('metrics');
    expect(told).toHaveLength(1);
    news.succeeded('traces');
    expect(told[1]).toBe('info The OpenTelemetry collector takes everything again.');
  });

  it('is nothing while all goes well', () => {
    const { told, news } = listen();
    news.succeeded('traces');
    news.succeeded('metrics');
    expect(told).toEqual([]);
  });

  it('comes every ten minutes at most from a collector that comes and goes', () => {
    const { told, clock, news } = listen();
    for (clock.now = 0; clock.now < 600_000; clock.now += 1_000) {
      news.failed('traces', 'x');
      news.succeeded('traces');
    }
    expect(told).toHaveLength(2);
    news.failed('traces', 'x');
    expect(told).toHaveLength(3);
  });
});
