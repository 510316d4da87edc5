import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelCharsMax, readRequestFacts, sessionCharsMax, type RequestFacts, type RequestProblem } from './request-facts.js';

const read = (text: string): RequestFacts | RequestProblem => readRequestFacts(Buffer.from(text));
const problemOf = (text: string): string | undefined => {
  const answer = read(text);
  return answer.kind === 'problem' ? answer.message : undefined;
};
const facts = (model: string, rest: Partial<RequestFacts> = {}): RequestFacts => ({
  kind: 'facts',
  model,
  stream: false,
  session: undefined,
  ...rest,
});

describe('the model of a request', () => {
  it.each([
    ['first', '{"model":"m","messages":[]}'],
    ['last', '{"messages":[{"role":"user","content":"{\\"model\\":\\"no\\"}"}],"model":"m"}'],
    ['between white space of every kind', ' \t\r\n{ "a" :\n1 ,\t"model"\r\n:\t"m" }\n'],
    ['written in escapes', '{"\\u006dodel":"\\u006d"}'],
    ['repeated, the last one', '{"model":"first","model":1,"model":"m"}'],
    ['beside keys that only resemble it', '{"models":"no","Model":"no","mode":"no","":"no","model":"m"}'],
    ['beside a tool that has a property of that name', '{"tools":[{"input_schema":{"properties":{"model":{"type":"string"}}}}],"model":"m"}'],
    ['after strings that end in backslashes', '{"a":"\\\\","b":"\\\\\\"","model":"m","c":"\\\\"}'],
    ['after every kind of value', '{"a":-0,"b":1.5e+3,"c":true,"d":false,"e":null,"f":[],"g":{},"h":"","model":"m"}'],
  ])('is found: %s', (_where, body) => {
    expect(read(body)).toEqual(facts('m'));
  });

  it('is decoded as JSON says, surrogate pairs included', () => {
    expect(read('{"model":"gr\\u00fc\\u00df\\/\\ud83d\\ude00 世界"}')).toEqual(facts('grüß/😀 世界'));
  });

  it('is read from a body whose UTF-8 is invalid elsewhere, or in it', () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc0]), Buffer.from('","model":"m'), Buffer.from([0xfe]), Buffer.from('"}')]);
    expect(readRequestFacts(body)).toEqual(facts('m\ufffd'));
  });

  it('is found behind a value nested a hundred thousand deep', () => {
    const depth = 100_000;
    expect(read(`{"a":${'['.repeat(depth)}${']'.repeat(depth)},"model":"m"}`)).toEqual(facts('m'));
    expect(problemOf(`{"model":"m","a":${'['.repeat(depth)}`)).toContain('before the object is closed');
  });

  it.each([
    ['missing', '{"messages":[]}', '"model" is missing: expected a string at the top level of the body.'],
    ['missing from an empty object', '{}', '"model" is missing: expected a string at the top level of the body.'],
    ['only nested', '{"a":{"model":"m"}}', '"model" is missing: expected a string at the top level of the body.'],
    ['a number', '{"model":5}', '"model" must be a string, got a number.'],
    ['null', '{"model":null}', '"model" must be a string, got null.'],
    ['a list', '{"model":["m"]}', '"model" must be a string, got an array.'],
    ['repeated, the last one no string', '{"model":"m","model":true}', '"model" must be a string, got true or false.'],
    ['a string with a broken escape', '{"model":"a\\x"}', '"model" must be a JSON string, got one that cannot be read at byte 9.'],
    ['a string with a raw line break', '{"model":"a\nb"}', '"model" must be a JSON string, got one that cannot be read at byte 9.'],
  ])('is refused when it is %s', (_what, body, message) => {
    expect(read(body)).toEqual({ kind: 'problem', message });
  });

  it('may be as long as its bound, counted in characters and not in bytes', () => {
    const longest = 'ü'.repeat(modelCharsMax);
    expect(read(JSON.stringify({ model: longest }))).toEqual(facts(longest));
    expect(read(`{"model":"${'\\u00fc'.repeat(modelCharsMax)}"}`)).toEqual(facts(longest));
    expect(problemOf(JSON.stringify({ model: `${longest}x` }))).toBe('"model" must have at most 256 characters, got more.');
    expect(problemOf(JSON.stringify({ model: 'x'.repeat(100_000) }))).toBe('"model" must have at most 256 characters, got more.');
  });
});

describe('the stream flag', () => {
  it.each([
    ['{"model":"m","stream":true}', true],
    ['{"stream" : true , "model":"m"}', true],
    ['{"model":"m","stream":false}', false],
    ['{"model":"m","stream":"true"}', false],
    ['{"model":"m","stream":1}', false],
    ['{"model":"m","a":{"stream":true}}', false],
    ['{"model":"m","stream":true,"stream":false}', false],
  ])('of %s is %s', (body, stream) => {
    expect(read(body)).toEqual(facts('m', { stream }));
  });
});

describe('the session', () => {
  const sessionOf = (rest: object): string | undefined => {
    const answer = read(JSON.stringify({ ...rest, model: 'm' }));
    return answer.kind === 'facts' ? answer.session : 'problem';
  };

  it('is the prompt cache key, before the user id of the metadata', () => {
    expect(sessionOf({ metadata: { user_id: 'user' }, prompt_cache_key: 'key' })).toBe('key');
    expect(sessionOf({ metadata: { trace: { user_id: 'no' }, user_id: 'user' } })).toBe('user');
  });

  it.each([
    ['no string', { prompt_cache_key: 7, metadata: { user_id: null } }],
    ['empty', { prompt_cache_key: '', metadata: { user_id: '' } }],
    ['longer than its bound', { prompt_cache_key: 'k'.repeat(sessionCharsMax + 1) }],
    ['nested deeper', { metadata: { a: { user_id: 'x' } }, a: { prompt_cache_key: 'x' } }],
    ['in metadata that is a list', { metadata: [{ user_id: 'x' }] }],
  ])('is ignored when it is %s', (_what, rest) => {
    expect(sessionOf(rest)).toBeUndefined();
  });

  it('may be as long as its bound', () => {
    const longest = 'é'.repeat(sessionCharsMax);
    expect(sessionOf({ prompt_cache_key: longest })).toBe(longest);
  });

  it('is ignored, not refused, when the metadata are broken inside', () => {
    expect(read('{"metadata":{"user_id":"u",},"model":"m"}')).toEqual(facts('m'));
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['', 'The body must be a JSON object, got an empty body.'],
    [' \n', 'The body must be a JSON object, got an empty body.'],
    ['[{"model":"m"}]', 'The body must be a JSON object: expected an object at byte 0, got an array.'],
    ['"model"', 'The body must be a JSON object: expected an object at byte 0, got a string.'],
    ['model=m', 'The body must be a JSON object: expected an object at byte 0, got something else.'],
    ['{"a":1 "model":"m"}', 'The body must be a JSON object: expected a comma or the closing brace at byte 7, got a string.'],
    ['{"model" "m"}', 'The body must be a JSON object: expected a colon at byte 9, got a string.'],
    ['{model:"m"}', 'The body must be a JSON object: expected a key in double quotes at byte 1, got something else.'],
    ['{"model":"m",}', 'The body must be a JSON object: expected a key in double quotes at byte 13, got a closing bracket.'],
    ['{,"model":"m"}', 'The body must be a JSON object: expected a key in double quotes at byte 1, got a comma.'],
    ['{"model":"m"]', 'The body must be a JSON object: expected a comma or the closing brace at byte 12, got a closing bracket.'],
    ['{"a":[1},"model":"m"}', 'The body must be a JSON object: expected the other closing bracket at byte 7, got a closing bracket.'],
    ['{"a":01,"model":"m"}', 'The body must be a JSON object: expected a value at byte 5, got a number.'],
    ['{"a":nul,"model":"m"}', 'The body must be a JSON object: expected a value at byte 5, got null.'],
    ['{"a":,"model":"m"}', 'The body must be a JSON object: expected a value at byte 5, got a comma.'],
    ['{"a\\x":1,"model":"m"}', 'The body must be a JSON object: expected a readable key at byte 1, got a string.'],
    ['{"model":"m"} x', 'The body must be one JSON object: expected nothing behind it, got something else at byte 14.'],
    ['{"model":"m"}{}', 'The body must be one JSON object: expected nothing behind it, got an object at byte 13.'],
    ['{"model":"m"', 'The body must be a complete JSON object, but it ends at byte 12 before the object is closed.'],
    ['{"model":"m","a":"', 'The body must be a complete JSON object, but it ends at byte 18 before the object is closed.'],
    ['{"model":"m","tools":[{"a":1}', 'The body must be a complete JSON object, but it ends at byte 29 before the object is closed.'],
  ])('is refused with a sentence: %s', (body, message) => {
    expect(read(body)).toEqual({ kind: 'problem', message });
  });

  it('leaves what is wrong deeper inside to the upstream', () => {
    expect(read('{"messages":[{"role" "user",}],"model":"m"}')).toEqual(facts('m'));
  });

  it('never quotes what was sent', () => {
    expect(problemOf('{"model":"m","secret sk-123')).not.toContain('sk-123');
    expect(problemOf('sk-123')).not.toContain('sk-123');
  });
});

// ── against JSON.parse ──────────────────────────────────────────────────────────────────────────────────────────────

const oracle = (text: string): RequestFacts | 'refused' => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'refused';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'refused';
  const { model, stream, prompt_cache_key: key, metadata } = value as Record<string, unknown>;
  if (typeof model !== 'string' || model.length > modelCharsMax) return 'refused';
  const userId = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? (metadata as Record<string, unknown>)['user_id'] : undefined;
  const session = [key, userId].find((id) => typeof id === 'string' && id !== '' && id.length <= sessionCharsMax);
  return { kind: 'facts', model, stream: stream === true, session: session as string | undefined };
};

const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r\n');
const escapedQuotes = (text: string): string => JSON.stringify(text);
const allEscapes = (text: string): string =>
  `"${[...Array(text.length).keys()].map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')}"`;
const spelling = fc.constantFrom(escapedQuotes, allEscapes);
const key = fc.oneof(fc.constantFrom('model', 'stream', 'metadata', 'prompt_cache_key', 'user_id', 'models'), fc.string({ unit: 'binary' }));
const word = fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', 'é', '😀', '\n', '\u0000') });
const value = fc.oneof(
  fc.jsonValue().map((any) => JSON.stringify(any)),
  fc.tuple(spelling, word).map(([spell, text]) => spell(text)),
  fc.constantFrom('true', 'false', 'null', '0', '-1.5E-7', '{"user_id":"u"}', '{ "user_id" : "u", "user_id":"v" }', '[[],{}]'),
);
const member = fc
  .tuple(spelling, key, value, space, space)
  .map(([spell, name, content, before, after]) => `${before}${spell(name)}${after}:${before}${content}${after}`);
const modelMember = fc.tuple(spelling, word).map(([spell, model]) => `${spell('model')}:${escapedQuotes(model)}`);
const document = fc
  .tuple(fc.array(fc.oneof({ weight: 3, arbitrary: member }, { weight: 1, arbitrary: modelMember }), { maxLength: 8 }), space)
  .map(([members, around]) => `${around}{${members.join(',')}}${around}`);

/** True when the walk through the top level of a document fails, found out the slow and obvious way. */
const topLevelIsBroken = (text: string): boolean => {
  const outline = text.replaceAll(/"(?:[^"\\]|\\[^])*"/g, 's');
  let depth = 0;
  let skeleton = '';
  for (const character of outline) {
    if ('}]'.includes(character)) depth--;
    if (depth <= 1 && !(depth === 1 && '}]'.includes(character))) skeleton += character;
    else if (depth === 1) skeleton += 'v';
    if ('{['.includes(character)) depth++;
    if (depth < 0) return true;
  }
  const scalar = String.raw`(?:s|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|[{\[]v)`;
  const one = String.raw`\s*s\s*:\s*${scalar}\s*`;
  return !new RegExp(String.raw`^\s*\{(?:${one}(?:,${one})*|\s*)\}\s*$`).test(skeleton);
};

describe('any document at all', () => {
  it('is understood as JSON.parse understands it', () => {
    fc.assert(
      fc.property(document, (text) => {
        const expected = oracle(text);
        const answer = read(text);
        expect(answer.kind === 'facts' ? answer : 'refused').toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('is understood or refused when a byte was lost, added or changed, and never believed with a broken top level', () => {
    const damage = fc.tuple(fc.nat(), fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', ' ', 'x', '1'), fc.nat(1));
    fc.assert(
      fc.property(document, damage, (text, [position, replacement, removed]) => {
        const at = position % (text.length + 1);
        // Half a surrogate pair cannot travel in UTF-8.
        const damaged = Buffer.from(text.slice(0, at) + replacement + text.slice(at + removed)).toString();
        const answer = read(damaged);
        const expected = oracle(damaged);
        if (expected !== 'refused') expect(answer).toEqual(expected);
        if (answer.kind === 'facts') expect(topLevelIsBroken(damaged)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused when it was cut short anywhere', () => {
    const text = '{"messages":[{"content":"a \\"b\\" \\\\"}],"n":12,"metadata":{"user_id":"u"},"model":"m"}';
    for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end)).kind).toBe('problem');
  });
});
