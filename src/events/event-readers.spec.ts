import { describe, expect, it } from '@jest/globals';
import { backlogBytesMax, EventReaders, readerLifeMsMax, readersMax, type ReaderAnswer } from './event-readers.js';

class FakeAnswer implements ReaderAnswer {
  text = '';
  ended = '';
  writableLength = 0;
  private readonly listeners: (() => void)[] = [];

  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.ended = 'ended';
    this.leave();
  }
  destroy(): void {
    this.ended = 'destroyed';
  }
  on(_: string, listener: () => void): void {
    this.listeners.push(listener);
  }
  leave(): void {
    for (const listener of this.listeners) listener();
  }
}

const readersOf = () => {
  const emptied: number[] = [];
  const readers = new EventReaders(() => emptied.push(1));
  return { readers, emptied };
};

describe('readers', () => {
  it('all get what is sent', () => {
    const { readers } = readersOf();
    const answers = [new FakeAnswer(), new FakeAnswer()];
    for (const answer of answers) readers.add(answer, 0);
    readers.send('x');
    expect(answers.map(({ text }) => text)).toEqual(['x', 'x']);
  });

  it('are let go when too much waits for them, without harm to the others', () => {
    const { readers } = readersOf();
    const [slow, quick] = [new FakeAnswer(), new FakeAnswer()];
    readers.add(slow, 0);
    readers.add(quick, 0);
    slow.writableLength = backlogBytesMax + 1;
    readers.send('x');
    readers.send('y');
    expect([slow.text, slow.ended, quick.text]).toEqual(['', 'destroyed', 'xy']);
    expect([readers.size, readers.dropped]).toEqual([1, 1]);
  });

  it('are no more than may be', () => {
    const { readers } = readersOf();
    const added = Array.from({ length: readersMax + 1 }, () => readers.add(new FakeAnswer(), 0));
    expect(added).toEqual([...new Array<boolean>(readersMax).fill(true), false]);
  });

  it('who leave make room, and are forgotten once', () => {
    const { readers, emptied } = readersOf();
    const answer = new FakeAnswer();
    readers.add(answer, 0);
    answer.leave();
    answer.leave();
    readers.send('x');
    expect([readers.size, emptied.length, answer.text]).toEqual([0, 1, '']);
  });

  it('do not listen for ever', () => {
    const { readers } = readersOf();
    const answer = new FakeAnswer();
    readers.add(answer, 0);
    readers.endOld(readerLifeMsMax - 1);
    expect(answer.ended).toBe('');
    readers.endOld(readerLifeMsMax);
    expect([answer.ended, readers.size]).toEqual(['ended', 0]);
  });

  it('are all let go at the end', () => {
    const { readers, emptied } = readersOf();
    for (let at = 0; at < 3; at += 1) readers.add(new FakeAnswer(), 0);
    readers.endAll();
    expect([readers.size, emptied.length]).toEqual([0, 1]);
  });
});
