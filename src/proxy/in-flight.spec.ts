import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Downstream } from './downstream.js';
import { callsInFlightMax, InFlight, LiveCall } from './in-flight.js';

const nobody = new Downstream(new ServerResponse(new IncomingMessage(new Socket())));
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
