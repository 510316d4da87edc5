import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { AnswerReader, AnswerStage } from '../domain/answer.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import { Inspection } from './inspection.js';

/** Decides for an answer once it has read `meaningful`, and takes `end.` for the end. */
class FakeReader implements AnswerReader {
  text = '';
  ends = 0;
  readonly lateError: UpstreamError | undefined = undefined;
  readonly atLineStart = true;
  readonly usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheCreationTokens: 0 };
  readonly isAnnounced = false;
  readonly isEventStream = true;
  progress = 0;

  push(chunk: Buffer): void {
    this.text += chunk.toString();
    this.progress++;
  }

  end(): void {
    this.ends++;
  }

  get stage(): AnswerStage {
    return this.text.includes('meaningful') ? { kind: 'answer' } : { kind: 'undecided' };
  }

  get isWhole(): boolean {
    return this.text.endsWith('end.');
  }
}

const inspect = (encoding: string | undefined) => {
  const reader = new FakeReader();
  let changes = 0;
  const inspection = new Inspection(reader, encoding, () => changes++);
  return { reader, inspection, changes: () => changes, ended: () => new Promise<void>((resolve) => inspection.end(resolve)) };
};

describe('an answer without a coding', () => {
  it('is understood byte by byte as it passes, with nothing lagging behind', () => {
    const { reader, inspection, changes } = inspect(undefined);
    inspection.push(Buffer.from('not yet '));
    expect(inspection.stage.kind).toBe('undecided');
    inspection.push(Buffer.from('meaningful'));
    expect(inspection.stage.kind).toBe('answer');
    expect([reader.text, changes()]).toEqual(['not yet meaningful', 0]);
  });

  it('ends at once, and once', () => {
    const { reader, inspection } = inspect(undefined);
    let done = 0;
    inspection.end(() => done++);
    expect([done, reader.ends]).toEqual([1, 1]);
  });

  it('is whole when its reader says so', () => {
    const { inspection } = inspect(undefined);
    inspection.push(Buffer.from('meaningful'));
    expect([inspection.isWhole, inspection.usageIncomplete]).toEqual([false, true]);
    inspection.push(Buffer.from(' end.'));
    expect([inspection.isWhole, inspection.usageIncomplete]).toEqual([true, false]);
  });

  it('passes on what its reader knows', () => {
    const { reader, inspection } = inspect(undefined);
    inspection.push(Buffer.from('x'));
    expect(inspection).toMatchObject({ progress: 1, atLineStart: true, usage: reader.usage, lateError: undefined, isPlain: true });
  });
});

describe('an encoded answer', () => {
  const encoded = gzipSync('meaningful end.');

  it('is understood decoded, and says so when it has understood something new', async () => {
    const { reader, inspection, changes, ended } = inspect('gzip');
    inspection.push(encoded.subarray(0, 12));
    inspection.push(encoded.subarray(12));
    await ended();
    expect(reader.text).toBe('meaningful end.');
    expect(inspection.stage.kind).toBe('answer');
    expect(changes()).toBeGreaterThan(0);
    expect([inspection.isWhole, reader.ends]).toEqual([true, 1]);
  });

  it('never has room for lines of ours between its bytes', () => {
    expect(inspect('gzip').inspection.isPlain).toBe(false);
    expect(inspect('compress').inspection.isPlain).toBe(false);
  });

  it('is not whole when it stops too soon, although its coding ends there as well', async () => {
    const { inspection, ended } = inspect('gzip');
    const cut = gzipSync(`meaningful ${'and long '.repeat(100)} end.`);
    inspection.push(cut.subarray(0, cut.length - 12));
    await ended();
    expect([inspection.stage.kind, inspection.isWhole]).not.toEqual(['answer', true]);
  });

  it('tells nothing more once nobody wants to know', async () => {
    const { reader, inspection, changes } = inspect('gzip');
    inspection.stop();
    inspection.push(encoded);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([reader.text, changes()]).toEqual(['', 0]);
  });
});

describe('an answer that cannot be read is an answer, relayed unread', () => {
  it.each(['compress', 'gzip, br', ''])('because nobody knows its coding: "%s"', async (encoding) => {
    const { reader, inspection, ended } = inspect(encoding);
    inspection.push(Buffer.from('whatever'));
    await ended();
    expect([inspection.stage.kind, inspection.isReadable, inspection.isWhole, inspection.usageIncomplete]).toEqual(['answer', false, false, true]);
    expect([reader.text, reader.ends]).toEqual(['', 0]);
  });

  it.each(['gzip', 'br', 'zstd', 'deflate'])('because it is not what its header says: %s', async (encoding) => {
    const { reader, inspection, changes, ended } = inspect(encoding);
    inspection.push(Buffer.from('{"plain": "JSON under a wrong name"}'));
    await ended();
    expect([inspection.stage.kind, inspection.isReadable, inspection.isWhole, inspection.usageIncomplete]).toEqual(['answer', false, false, true]);
    expect([reader.text, reader.ends, changes()]).toEqual(['', 0, 1]);
  });
});
