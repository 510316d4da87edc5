import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerReader } from '../../src/domain/answer.js';
import { createStreamReader } from '../../src/domain/stream-reader.js';
import { bytesOf, recordings, type Recording } from './recordings.js';

const readerFor = ({ dialect, path }: Recording): AnswerReader => createStreamReader(dialect, path, 0);

const replayed = (recording: Recording, chunks: readonly Buffer[]): object => {
  const reader = readerFor(recording);
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  const { stage, lateError, isWhole, progress, atLineStart, usage: tokens } = reader;
  return { stage, lateError, isWhole, progress, atLineStart, usage: tokens };
};

const whole = ({ events, usage: tokens }: Recording): object => ({
  stage: { kind: 'answer' },
  lateError: undefined,
  isWhole: true,
  progress: events,
  atLineStart: true,
  usage: tokens,
});

describe.each(recordings)('$file', (recording) => {
  const bytes = bytesOf(recording);
  const ending = bytes.lastIndexOf(recording.endsWith);

  it('is a whole answer with its usage, cut in two at every byte', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(replayed(recording, [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole(recording));
    }
  });

  it('is the same byte by byte, and in chunks that reuse no memory', () => {
    expect(replayed(recording, [...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole(recording));
  });

  it('is the same in random chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 30 }), (cuts) => {
        const sorted = [...cuts].sort((a, b) => a - b);
        const chunks = [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
        expect(replayed(recording, chunks)).toEqual(whole(recording));
      }),
      { numRuns: 200 },
    );
  });

  it('is undecided until its first content is complete, and decided then', () => {
    const begin = bytes.indexOf(recording.commitsAt);
    const blankLine = recording.file.endsWith('crlf') ? '\r\n\r' : '\n\n';
    const end = bytes.indexOf(blankLine, begin) + blankLine.length;
    const before = readerFor(recording);
    before.push(bytes.subarray(0, end - 1));
    expect(before.stage).toEqual({ kind: 'undecided' });
    before.push(bytes.subarray(end - 1, end));
    expect(before.stage).toEqual({ kind: 'answer' });
  });

  it('is never whole when it is cut short before its closing event is complete, however it ends', () => {
    const complete = bytes.length - (recording.file.endsWith('crlf') ? 4 : 2);
    for (let cut = 0; cut < complete; cut++) {
      const reader = readerFor(recording);
      reader.push(bytes.subarray(0, cut));
      expect(reader.isWhole).toBe(false);
      reader.end();
      expect(reader.isWhole).toBe(false);
    }
  });

  it('keeps the usage it had seen when it is cut short', () => {
    const reader = readerFor(recording);
    reader.push(bytes.subarray(0, ending));
    reader.end();
    const isReportedAtTheEnd = recording.dialect === 'responses';
    expect(reader.usage).toEqual(isReportedAtTheEnd ? undefined : recording.usage);
  });
});
