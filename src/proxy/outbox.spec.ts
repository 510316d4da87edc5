import { setImmediate as turnEnds } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Outbox, sendersMax, type Sender } from './outbox.js';

/** Senders that write their numbers down as they send. */
const sendersInto = (sent: number[]): ((id: number) => Sender) => {
  return (id) => ({ send: () => void sent.push(id) });
};

const countTo = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index + 1);

describe('bytes that leave together', () => {
  it('leave in their order when the turn of the event loop is over, and not before', async () => {
    const sent: number[] = [];
    const [outbox, sender] = [new Outbox(), sendersInto(sent)];
    for (const id of [1, 2, 3]) outbox.add(sender(id));
    await Promise.resolve();
    const before = [...sent];
    await turnEnds();
    expect([before, sent]).toEqual([[], [1, 2, 3]]);
  });

  it('leave at once when too many wait: the one that was too many waits for the others that follow', async () => {
    const sent: number[] = [];
    const [outbox, sender] = [new Outbox(), sendersInto(sent)];
    for (const id of countTo(sendersMax + 1)) outbox.add(sender(id));
    const before = [...sent];
    await turnEnds();
    expect([before, sent]).toEqual([countTo(sendersMax), countTo(sendersMax + 1)]);
  });

  it('leave when nothing is to be held back any longer, and only once', async () => {
    const sent: number[] = [];
    const [outbox, sender] = [new Outbox(), sendersInto(sent)];
    outbox.add(sender(1));
    outbox.sendAll();
    const before = [...sent];
    await turnEnds();
    expect([before, sent]).toEqual([[1], [1]]);
  });

  it('leave with the next turn when they are added while others are sent', async () => {
    const sent: number[] = [];
    const [outbox, sender] = [new Outbox(), sendersInto(sent)];
    outbox.add({ send: () => outbox.add(sender(2)) });
    outbox.add(sender(1));
    await turnEnds();
    const before = [...sent];
    await turnEnds();
    expect([before, sent]).toEqual([[1], [1, 2]]);
  });
});
