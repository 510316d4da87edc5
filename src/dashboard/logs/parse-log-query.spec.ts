import { describe, expect, it } from '@jest/globals';
import { logRequestOf } from './parse-log-query.js';

describe('what the address of the log asks for', () => {
  it('is the last day, when it says nothing', () => {
    expect(logRequestOf({})).toMatchObject({ page: 1, problems: [], query: { hours: 24 } });
  });

  it('is every field that is filled in, and nothing for those that a form sent empty', () => {
    const { query } = logRequestOf({ hours: '6', channel_id: '3', model_like: ' claude ', status: '5XX', request_id: '', page: '4' });
    expect(query).toEqual({ hours: 6, channel_id: 3, model_like: 'claude', status: '5xx' });
  });

  it.each([
    [{ hours: '0' }, 'hours'],
    [{ hours: '721' }, 'hours'],
    [{ hours: '1.5' }, 'hours'],
    [{ channel_id: '-1' }, 'channel_id'],
    [{ channel_id: 'first' }, 'channel_id'],
    [{ channel_id: '9'.repeat(16) }, 'channel_id'],
    [{ status: '600' }, 'status'],
    [{ status: '3xx' }, 'status'],
    [{ model_like: 'x'.repeat(257) }, 'model_like'],
    [{ model_like: 'a\u0000b' }, 'model_like'],
    [{ request_id: 'x'.repeat(257) }, 'request_id'],
  ])('of %j is nothing, and names the field %s', (address, field) => {
    const { query, problems, values } = logRequestOf(address);
    expect(query).toBeUndefined();
    expect(problems).toEqual([field]);
    expect(values).toMatchObject(address);
  });

  it.each(['0', '-2', 'two', '', '99999999999'])('is the first page instead of page %j', (page) => {
    expect(logRequestOf({ page }).page).toBe(1);
  });

  it('is the last of values that came twice, and nothing of what is no text', () => {
    expect(logRequestOf({ status: ['200', '500'], model_like: { a: 'b' } }).query).toEqual({ hours: 24, status: 500 });
  });
});
