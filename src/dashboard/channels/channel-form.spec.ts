import { describe, expect, it } from '@jest/globals';
import { channelFormOf, entryOf, modelsIn, priorityIn } from './channel-form.js';

describe('a list of models', () => {
  it.each([
    ['a\r\nb\nc', ['a', 'b', 'c']],
    ['a, b;c\td', ['a', 'b', 'c', 'd']],
    ['["claude-sonnet-4-5", "gpt-5"]', ['claude-sonnet-4-5', 'gpt-5']],
    ['- one\n* two\n• three', ['one', 'two', 'three']],
    ['a\na\n a ', ['a']],
    ['`a`, "b"', ['a', 'b']],
    [' ,;\n\n', []],
    ['', []],
    ['vendor/model-1.5:free', ['vendor/model-1.5:free']],
  ])('pasted as %j is %j', (text, models) => expect(modelsIn(text)).toEqual(models));
});

describe('a priority', () => {
  it.each([
    ['7', 7],
    ['-7', -7],
    ['−7', -7],
    ['+7', 7],
    ['-0', 0],
    ['', 3],
    ['7.5', Number.NaN],
    ['1e3', Number.NaN],
    ['0x10', Number.NaN],
    ['high', Number.NaN],
    ['9'.repeat(16), Number.NaN],
  ])('typed as %j is %d', (text, priority) => expect(priorityIn(text, 3)).toBe(priority));
});

describe('a filled-in form', () => {
  it.each([
    ['keeps the key that is stored when the field is empty', false, undefined],
    ['of a new channel has no key to keep', true, ''],
  ])('%s', (_what, isNew, key) => expect(entryOf(channelFormOf({ name: ' a ', api_key: ' ' }), isNew)).toMatchObject({ name: 'a', api_key: key }));

  it.each([undefined, null, 'name=a', { name: [] }, { name: { a: 1 } }])('of %j is empty, not a bug', (body) =>
    expect(channelFormOf(body)).toEqual({ name: '', url: '', api_key: '', models: '', priority: '', enabled: false, updated_at: '' }));
});
