import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelCharsMax, readRequestFacts } from '../../src/domain/request-facts.js';
import { fuzzMsMax, fuzzRuns } from '../support/campaign.js';
import { corpus, mutated } from './mutations.js';
import { slowFacts, type SlowFacts } from './slow-references.js';

const tokens = [
  ...['"', '\\', '\\"', '\\\\', '{', '}', '[', ']', ',', ':', ' ', '\n', 'true', 'null', '0', '-1.5e3', '\u0000', '\u00ff', '\u00c3'],
  ...['"model"', '"model":"x"', ',"model":"y"', '"stream":true', ',"metadata":{"user_id":"v"}', '"prompt_cache_key":"k"', '\\u0000', '\\ud800', '"\\u006dodel":"z"'],
];
const bodies = mutated(corpus('model-bodies'), tokens);

const factsIn = (body: Buffer): SlowFacts | undefined => {
  const facts = readRequestFacts(body);
  return facts.kind === 'facts' ? { model: facts.model, stream: facts.stream, session: facts.session } : undefined;
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

describe('a body, however broken,', () => {
  it.each(corpus('model-bodies').map((body) => [body.toString('latin1'), body] as const))('such as %j is read as the slow reference reads it', (_text, body) => {
    expect(factsIn(body)).toEqual(slowFacts(body));
  });

  it(
    'is read as the slow reference reads it, and as JSON.parse does where that can',
    () => {
      fc.assert(
        fc.property(bodies, (body) => {
          const facts = factsIn(body);
          expect(facts).toEqual(slowFacts(body));
          const value = parsed(body);
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
          const { model, stream } = value as Record<string, unknown>;
          const isUsable = typeof model === 'string' && model.length <= modelCharsMax;
          expect([facts?.model, facts?.stream]).toEqual(isUsable ? [model, stream === true] : [undefined, undefined]);
        }),
        { numRuns: fuzzRuns(5_000) },
      );
    },
    fuzzMsMax,
  );

  it('is read without a stack, however deep', () => {
    for (const [open, close] of [['[', ']'], ['{"a":', '}'], ['[{"a":', '}]']] as const) {
      const deep = `{"x":${open.repeat(200_000)}1${close.repeat(200_000)},"model":"m"}`;
      expect(factsIn(Buffer.from(deep))?.model).toBe('m');
    }
  });
});
