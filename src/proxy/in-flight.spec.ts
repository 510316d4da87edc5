import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Downstream } from './downstream.js';
import { Outbox } from './outbox.js';
import { callsInFlightMax, InFlight, LiveCall } from './in-flight.js';

const nobody = new Downstream(new ServerResponse(new IncomingMessage(new Socket())), new Outbox());
const call = (requestId: string): LiveCall => new LiveCall(requestId, 0, nobody);

describe('calls under way', () => {
  it('are counted while they last', () => {
    const inFlight = new InFlight();
    const [a, b] = [call('a'), call('b')];
    inFlight.enter(a);
    inFlight.enter(b);
    inFlight.leave(a);
    expect([...inFlight.calls]).toEqual([b]);
    expect(inFlight.size).toBe(1);
  });

  it('never exceed their maximum; whoever is turned away is counted', () => {
    const inFlight = new InFlight();
    const first = call('0');
    inFlight.enter(first);
    for (let i = 1; i < callsInFlightMax; i++) inFlight.enter(call(String(i)));
    expect(inFlight.enter(call('one too many'))).toBe(false);
    expect(inFlight.enter(call('another'))).toBe(false);
    expect([inFlight.size, inFlight.refused]).toEqual([callsInFlightMax, 2]);
    inFlight.leave(first);
    expect(inFlight.enter(call('next'))).toBe(true);
  });

  it('are not counted twice when one leaves twice, or leaves without having entered', () => {
    const inFlight = new InFlight();
    const [a, b] = [call('a'), call('b')];
    inFlight.enter(a);
    inFlight.leave(b);
    inFlight.leave(b);
    expect(inFlight.size).toBe(1);
  });

  it('are told in the order in which they began, whichever of them has left', () => {
    const [a, b, c, d] = [call('a'), call('b'), call('c'), call('d')];
    const orderWithout = (leaver: LiveCall): string => {
      const inFlight = new InFlight();
      for (const each of [a, b, c, d]) inFlight.enter(each);
      inFlight.leave(leaver);
      const order = [...inFlight.calls].map(({ requestId }) => requestId).join('');
      for (const each of [a, b, c, d]) inFlight.leave(each);
      return order;
    };
    expect([a, b, c, d].map(orderWithout)).toEqual(['bcd', 'acd', 'abd', 'abc']);
  });

  it('are all told when one leaves while they are being told', () => {
    const inFlight = new InFlight();
    const calls = [call('a'), call('b'), call('c')];
    for (const each of calls) inFlight.enter(each);
    const told: string[] = [];
    for (const { requestId } of inFlight.calls) {
      told.push(requestId);
      if (requestId === 'a' && calls[1] !== undefined) inFlight.leave(calls[1]);
    }
    expect(told).toEqual(['a', 'c']);
  });

  it('do not hold on to each other once they have left: an old one would keep the young alive', () => {
    const inFlight = new InFlight();
    const [a, b, c] = [call('a'), call('b'), call('c')];
    for (const each of [a, b, c]) inFlight.enter(each);
    inFlight.leave(b);
    inFlight.leave(a);
    expect([a, b].map(({ before, after }) => [before, after])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect([c.before, c.after, inFlight.size]).toEqual([undefined, undefined, 1]);
  });
});

describe('waiting for the last call', () => {
  const hasEnded = async (waiting: Promise<void>): Promise<boolean> =>
    Promise.race([waiting.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

  it('is over at once when none is under way', async () => {
    expect(await hasEnded(new InFlight().whenEmpty())).toBe(true);
  });

  it('is not over before the last one has left', async () => {
    const inFlight = new InFlight();
    const [a, b] = [call('a'), call('b')];
    inFlight.enter(a);
    inFlight.enter(b);
    const waiting = inFlight.whenEmpty();
    inFlight.leave(a);
    expect(await hasEnded(waiting)).toBe(false);
    inFlight.leave(b);
    expect(await hasEnded(waiting)).toBe(true);
  });

  it('wakes everyone who waits, each once', async () => {
    const inFlight = new InFlight();
    const a = call('a');
    inFlight.enter(a);
    const all = Promise.all([inFlight.whenEmpty(), inFlight.whenEmpty()]);
    inFlight.leave(a);
    await expect(all).resolves.toHaveLength(2);
    inFlight.enter(a);
    expect(await hasEnded(inFlight.whenEmpty())).toBe(false);
  });
});
