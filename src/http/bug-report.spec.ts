import { describe, expect, it } from '@jest/globals';
import { bugReport } from './bug-report.js';

const secret = 'sk-ant-secret';

/** What V8 throws for a text that is no JSON: it quotes the text. */
const parseError = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
};

describe('the report of a bug', () => {
  it('says what kind, why and where', () => {
    const report = bugReport(new RangeError('too many of them'));
    expect(report).toMatch(/^RangeError: too many of them\n +at .*bug-report\.spec/);
  });

  it('names the code of a system error', () => {
    expect(bugReport(Object.assign(new Error('read failed'), { code: 'ECONNRESET' }))).toMatch(/^Error \[ECONNRESET\]: read failed\n/);
  });

  it('goes on with its cause, and not for ever', () => {
    const circular = new Error('outer');
    circular.cause = circular;
    expect(bugReport(circular).match(/caused by/g)).toHaveLength(4);
    expect(bugReport(new Error('outer', { cause: new TypeError('inner') }))).toContain('\ncaused by TypeError: inner\n');
  });
});

describe('the report of a bug leaves out', () => {
  it.each([
    ['what a parser quotes', parseError(`{"a":${secret}}`)],
    ['what a parser quotes of a text with quotation marks', parseError(`"${secret}" "${secret}"`)],
    ['what is quoted over several lines', new Error(`got "a\n    at ${secret}\n" instead`)],
    ['what stands in backticks', new Error(`got \`${secret}\``)],
    ['values that hang on it', Object.assign(new Error('failed'), { parameters: [secret], query: secret, request: { secret } })],
    ['a code that is no code', Object.assign(new Error('failed'), { code: secret })],
    ['what its cause quotes', new Error('outer', { cause: new Error(`'${secret}'`) })],
    ['a text that was thrown', secret],
    ['an object that was thrown', { message: secret }],
    ['nothing at all', undefined],
    ['null', null],
  ])('%s', (_what, thrown) => {
    expect(bugReport(thrown)).not.toContain(secret);
    expect(bugReport(thrown)).not.toBe('');
  });

  it('what is too long to be read', () => {
    expect(bugReport(new Error('x'.repeat(100_000))).length).toBeLessThan(5_000);
  });
});
