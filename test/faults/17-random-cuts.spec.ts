import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, recordings, type Recording } from '../streams/recordings.js';
import { send, type Answer } from '../support/client.js';
import { errorTailProblem } from '../support/dialects.js';
import { startUpstream, type FakeUpstream, type ReceivedRequest } from '../support/fake-upstream.js';
import { onlyModel, startInProcess, type InProcessGateway } from '../support/in-process-gateway.js';
import { openSse, sse, type Script } from '../support/script.js';
import { until } from '../support/until.js';

/** A stream with the places that decide what a cut means. */
interface Stream extends Recording {
  readonly bytes: Buffer;
  /** The offset behind the first event worth committing to, and behind the one that ends the stream. */
  readonly commitEnd: number;
  readonly finalEnd: number;
  /** Bytes of a blank line: an event whose blank line is missing may count or not. */
  readonly blankBytes: number;
}

interface Cut {
  readonly first: Stream;
  readonly second: Stream;
  readonly at: number;
  readonly ending: 'reset' | 'close' | 'end';
  /** Where the bytes are divided into chunks, as shares of `at`. */
  readonly chunkShares: readonly number[];
}

const streamOf = (recording: Recording, bytes: Buffer): Stream => {
  const blank = bytes.includes('\r\n') ? '\r\n\r\n' : '\n\n';
  const endAfter = (text: string): number => bytes.indexOf(blank, bytes.indexOf(text)) + blank.length;
  return { ...recording, bytes, commitEnd: endAfter(recording.commitsAt), finalEnd: endAfter(recording.endsWith), blankBytes: blank.length };
};

/** The same stream with one more event of 3 MB before its last one: relayed, but too long to be read. */
const withHugeEvent = (stream: Stream): Stream => {
  const { bytes, finalEnd, endsWith, blankBytes } = stream;
  const at = bytes.indexOf(endsWith);
  const huge = Buffer.from(`data: {"type":"huge","text":"${'世'.repeat(1_000_000)}"}${bytes.toString('latin1', finalEnd - blankBytes, finalEnd)}`);
  return streamOf(stream, Buffer.concat([bytes.subarray(0, at), huge, bytes.subarray(at)]));
};

const streams = recordings.map((recording) => streamOf(recording, bytesOf(recording)));
const hugeStreams = streams.map(withHugeEvent);

/** Cases by the number in the request body; both upstreams look up what to do. */
const running = new Map<number, Cut>();
let lastNumber = 0;
const cutOf = (request: ReceivedRequest): Cut => {
  const cut = running.get(Number(/"case":(\d+)/.exec(request.body.toString())?.[1]));
  if (cut === undefined) throw new Error('an upstream was asked something that nobody sent');
  return cut;
};

const firstScript = ({ first, at, ending, chunkShares }: Cut): Script => {
  const places = [0, ...chunkShares.map((share) => Math.floor(share * at)).sort((a, b) => a - b), at];
  const script = places.slice(1).reduce((so, to, index) => {
    const from = places[index] ?? 0;
    return to > from ? so.chunk(first.bytes.subarray(from, to)) : so;
  }, openSse([]));
  if (ending === 'reset') return script.reset();
  return ending === 'close' ? script.close() : script.lastChunk().close();
};

let upstreams: readonly FakeUpstream[] = [];
let gateway: InProcessGateway;
beforeAll(async () => {
  upstreams = [
    await startUpstream((request) => firstScript(cutOf(request))),
    await startUpstream((request) => sse([cutOf(request).second.bytes.toString()])),
  ];
  gateway = await startInProcess(upstreams.map(({ url }) => url));
});
afterAll(async () => {
  await gateway.close();
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

/** What the client may be told: the second answer, the whole first one, or the first one with the truth about its end. */
type Verdict = 'second' | 'whole' | 'broken';

const verdictsOf = ({ first, at, ending }: Cut): readonly Verdict[] => {
  // A reset may overtake bytes that were sent before it, so the gateway may have seen less.
  const seenAtLeast = ending === 'reset' ? 0 : at;
  const allowed: Verdict[] = [];
  if (seenAtLeast < first.commitEnd) allowed.push('second');
  if (at >= first.commitEnd - first.blankBytes && seenAtLeast < first.finalEnd) allowed.push('broken');
  if (at >= first.finalEnd - first.blankBytes) allowed.push('whole');
  return allowed;
};

/** What the client was told, from its bytes alone: a verdict, or a sentence when it is none of them. */
const toldTo = (answer: Answer, { first, second, at, ending }: Cut): string => {
  if (answer.status !== 200 || !answer.isComplete) return `status ${answer.status}, complete: ${answer.isComplete}`;
  if (answer.body.equals(second.bytes)) return 'second';
  const sent = first.bytes.subarray(0, at);
  if (answer.body.equals(sent)) return 'whole';
  let same = 0;
  while (same < at && answer.body[same] === sent[same]) same += 1;
  // Our own line break may look like the next byte that the upstream would have sent.
  if (ending !== 'reset' && same < at) return `only ${same} of ${at} bytes of the first answer`;
  const tails = ending === 'reset' ? [same, same - 1, same - 2, same - 7] : [same];
  const problems = tails.map((from) => errorTailProblem(first.dialect, answer.body.subarray(Math.max(0, from)).toString()));
  return problems.includes(undefined) ? 'broken' : (problems[0] ?? '');
};

const ledgerProblem = async (answer: Answer, cut: Cut, verdict: Verdict): Promise<string | undefined> => {
  const requestId = answer.header('x-ccload-request-id') ?? '';
  const rows = await until(`the log rows of ${requestId}`, () => gateway.records.get(requestId));
  const final = rows.filter((row) => row.final);
  const [row] = final;
  if (row === undefined || final.length !== 1) return `${final.length} final rows`;
  const expected = {
    second: { attempts: 2, channelId: 2, statusCode: 200, usage: cut.second.usage, usageIncomplete: false },
    whole: { attempts: 1, channelId: 1, statusCode: 200, usage: cut.first.usage, usageIncomplete: false },
    broken: { attempts: 1, channelId: 1, statusCode: 502, usage: row.usage, usageIncomplete: true },
  }[verdict];
  const { channelId, statusCode, usage, usageIncomplete } = row;
  const found = { attempts: rows.length, channelId, statusCode, usage, usageIncomplete };
  return JSON.stringify(found) === JSON.stringify(expected) ? undefined : `ledger has ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`;
};

/** Why one cut went wrong; `undefined` when the client was told the truth and the log agrees. */
const problemOf = async (cut: Cut): Promise<string | undefined> => {
  lastNumber += 1;
  const number = lastNumber;
  running.set(number, cut);
  const answer = await send(gateway.port, { path: cut.first.path, body: JSON.stringify({ model: onlyModel, stream: true, case: number }) });
  running.delete(number);
  const told = toldTo(answer, cut);
  const allowed = verdictsOf(cut);
  const verdict = allowed.find((possible) => possible === told);
  const problem = verdict === undefined ? `told ${told}, allowed ${allowed.join(' or ')}` : await ledgerProblem(answer, cut, verdict);
  const { first, second, at, ending } = cut;
  return problem === undefined ? undefined : `${first.file} cut at ${at} of ${first.bytes.length} by ${ending}, then ${second.file}: ${problem}`;
};

/** Without bias: fast-check prefers small numbers, and most cuts would fall before the commit. */
const anyShare = fc.noBias(fc.nat(10_000)).map((share) => share / 10_000);

/** Any cut of any stream, followed by another stream of the same dialect. */
const cuts = (from: readonly Stream[]): fc.Arbitrary<Cut> =>
  fc
    .record({
      first: fc.constantFrom(...from),
      share: anyShare,
      ending: fc.constantFrom('reset' as const, 'close' as const, 'end' as const),
      chunkShares: fc.array(anyShare, { maxLength: 8 }),
    })
    .chain(({ first, share, ending, chunkShares }) => {
      const others = streams.filter((stream) => stream.dialect === first.dialect && stream.file !== first.file);
      return fc.record({
        first: fc.constant(first),
        second: fc.constantFrom(...others),
        at: fc.constant(Math.floor(share * first.bytes.length)),
        ending: fc.constant(ending),
        chunkShares: fc.constant(chunkShares),
      });
    });

const holdsForAll = (batch: fc.Arbitrary<Cut[]>, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(batch, async (some) => {
      const problems = await Promise.all(some.map(problemOf));
      expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    }),
    { numRuns, endOnFailure: true },
  );

describe('a stream that is cut anywhere, in any chunks, beside a healthy channel', () => {
  it('reaches the client as one truth: 10 000 cuts, no exception', async () => {
    await holdsForAll(fc.array(cuts(streams), { minLength: 50, maxLength: 50 }), 200);
    expect(gateway.bugs).toEqual([]);
  }, 180_000);

  it('does so, too, with an event of 3 MB: 120 cuts, no exception', async () => {
    await holdsForAll(fc.array(cuts(hugeStreams), { minLength: 6, maxLength: 6 }), 20);
    expect(gateway.bugs).toEqual([]);
  }, 120_000);
});
