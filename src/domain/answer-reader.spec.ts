import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, recordings } from '../../test/streams/recordings.js';
import { createAnswerReader, type AnswerHead } from './answer-reader.js';
import type { AnswerReader } from './answer.js';
import { createBodyReader } from './body-reader.js';
import { createStreamReader } from './stream-reader.js';

const chat: AnswerHead = { dialect: 'openai', path: '/v1/chat/completions', isStreaming: true, isEventStream: false, contentType: 'text/plain' };

const fed = (chunks: readonly (string | Buffer)[], head: Partial<AnswerHead> = {}): AnswerReader => {
  const reader = createAnswerReader({ ...chat, ...head }, 0);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader;
};

const whatIsSeen = ({ isEventStream, stage, isWhole, isAnnounced, progress, atLineStart, usage, lateError }: AnswerReader) => ({
  isEventStream,
  stage,
  isWhole,
  isAnnounced,
  progress,
  atLineStart,
  usage,
  lateError,
});

const event = 'data: {"choices":[{"delta":{"content":"x"}}]}\n\n';
const types = [undefined, 'text/plain', 'application/json', 'application/octet-stream', 'text/html'];

describe('an answer to who asked for a stream, that is not called one', () => {
  it.each(types)('is read as one when it begins like one (%s)', (contentType) => {
    expect(fed([event], { contentType })).toMatchObject({ isEventStream: true, stage: { kind: 'answer' } });
  });

  it.each([': hello\n', 'data:{', 'event: ping\n', 'id: 1\n', 'retry: 9\n', '\n\n data: x', '\ufeffdata: x'])('begins like one with %j', (beginning) => {
    expect(fed([beginning]).isEventStream).toBe(true);
  });

  it.each(['{"data":1}', '[1]', 'dat', 'database', 'Data: x', 'even if', '"data:"', 'data', '<p>data:', 'retry later', ''])('does not begin like one with %j', (beginning) => {
    const reader = fed([beginning]);
    expect(reader.isEventStream).toBe(false);
    reader.end();
    expect(reader.isEventStream).toBe(false);
  });

  it('is undecided as long as its first bytes tell nothing', () => {
    const reader = fed(['\r\n', ' ', 'd', 'at', 'a']);
    expect(whatIsSeen(reader)).toEqual({
      isEventStream: false,
      stage: { kind: 'undecided' },
      isWhole: false,
      isAnnounced: false,
      progress: 0,
      atLineStart: false,
      usage: undefined,
      lateError: undefined,
    });
    reader.push(Buffer.from(event.slice(4)));
    expect(reader).toMatchObject({ isEventStream: true, stage: { kind: 'answer' }, progress: 1 });
  });

  it('is empty when it ends without a byte or with blanks alone', () => {
    for (const chunks of [[], ['\n'], [' '.repeat(100_000), '\n']]) {
      const reader = fed(chunks);
      reader.end();
      expect(reader.stage).toEqual({ kind: 'malformed', what: 'empty' });
    }
  });

  it.each(recordings)('is understood as if it were called one, in any chunking: $file', (recording) => {
    const bytes = bytesOf(recording);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const edges = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const unlabelled = createAnswerReader({ ...recording, isStreaming: true, isEventStream: false, contentType: 'application/json' }, 0);
        const labelled = createStreamReader(recording.dialect, recording.path, 0);
        for (const [at, edge] of edges.slice(1).entries()) {
          unlabelled.push(bytes.subarray(edges[at], edge));
          labelled.push(bytes.subarray(edges[at], edge));
        }
        unlabelled.end();
        labelled.end();
        expect(whatIsSeen(unlabelled)).toEqual(whatIsSeen(labelled));
        expect(unlabelled.isWhole).toBe(true);
      }),
    );
  });

  it.each(['{"choices":[{"message":{}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}', '{"error":{"message":"no"}}', '[1', '{"a":', '<html>'])(
    'is understood as if no stream had been asked for when it is none: %s',
    (text) => {
      for (const contentType of types) {
        const reader = fed(Array.from(text), { contentType });
        const body = createBodyReader('openai', contentType, 0);
        for (const character of text) body.push(Buffer.from(character));
        reader.end();
        body.end();
        expect({ ...whatIsSeen(reader), progress: 0 }).toEqual({ ...whatIsSeen(body), progress: 0 });
      }
    },
  );
});

describe('an answer is not looked at for what it might be', () => {
  it('where no stream was asked for', () => {
    expect(fed([event], { isStreaming: false })).toMatchObject({ isEventStream: false, stage: { kind: 'answer' } });
  });

  it('where it is called an event stream', () => {
    const reader = fed(['{"error":{"message":"no","type":"overloaded_error"}}'], { isEventStream: true, contentType: 'text/event-stream' });
    reader.end();
    expect(reader).toMatchObject({ isEventStream: true, stage: { kind: 'error' } });
  });
});
