import { describe, expect, it } from '@jest/globals';
import type { Dialect } from './dialect.js';
import { brokenStreamEvent, errorBody, modelListBody, type ErrorWords } from './error-shape.js';

const shapeOf = (dialect: Dialect, words: ErrorWords): unknown => JSON.parse(errorBody(dialect, 'id-1', words));

describe('an error of the gateway', () => {
  it('has the shape Anthropic clients parse, with the request id', () => {
    expect(shapeOf('anthropic', { status: 401, message: 'No.', code: 'invalid_api_key' })).toEqual({
      type: 'error',
      error: { type: 'authentication_error', message: 'No.' },
      request_id: 'id-1',
    });
  });

  it.each<Dialect>(['openai', 'responses'])('has the shape OpenAI clients parse, with a machine-readable code (%s)', (dialect) => {
    expect(shapeOf(dialect, { status: 401, message: 'No.', code: 'invalid_api_key' })).toEqual({
      error: { message: 'No.', type: 'authentication_error', code: 'invalid_api_key', param: null },
    });
  });

  it('says null where it has no code, because OpenAI clients read the field', () => {
    expect(shapeOf('openai', { status: 502, message: 'Broken.' })).toHaveProperty('error.code', null);
  });

  it.each<Dialect>(['anthropic', 'openai', 'responses'])('survives every character a message can hold (%s)', (dialect) => {
    const message = 'quote " backslash \\ line\nfeed \u2028 \u0000 \ud800 é 中 🙂';
    expect(shapeOf(dialect, { status: 400, message })).toHaveProperty('error.message', message);
  });

  it.each([
    [400, 'invalid_request_error', 'invalid_request_error'],
    [401, 'authentication_error', 'authentication_error'],
    [402, 'billing_error', 'invalid_request_error'],
    [403, 'permission_error', 'invalid_request_error'],
    [404, 'not_found_error', 'invalid_request_error'],
    [405, 'invalid_request_error', 'invalid_request_error'],
    [408, 'invalid_request_error', 'invalid_request_error'],
    [413, 'request_too_large', 'invalid_request_error'],
    [415, 'invalid_request_error', 'invalid_request_error'],
    [429, 'rate_limit_error', 'rate_limit_error'],
    [499, 'invalid_request_error', 'invalid_request_error'],
    [500, 'api_error', 'server_error'],
    [502, 'api_error', 'server_error'],
    [503, 'api_error', 'server_error'],
    [504, 'timeout_error', 'server_error'],
    [529, 'overloaded_error', 'server_error'],
  ])('with status %i is a %s to Anthropic clients and a %s to OpenAI clients', (status, anthropic, openai) => {
    expect(shapeOf('anthropic', { status, message: 'm' })).toHaveProperty('error.type', anthropic);
    expect(shapeOf('openai', { status, message: 'm' })).toHaveProperty('error.type', openai);
    expect(shapeOf('responses', { status, message: 'm' })).toHaveProperty('error.type', openai);
  });
});

describe('the event that tells a client its stream broke', () => {
  const lines = (dialect: Dialect, message = 'It broke.'): readonly string[] => brokenStreamEvent(dialect, message).split('\n');
  const payload = (dialect: Dialect, message?: string): unknown =>
    JSON.parse(lines(dialect, message).find((line) => line.startsWith('data: '))?.slice('data: '.length) ?? '');

  it('is an error event to Anthropic clients', () => {
    expect(lines('anthropic')[0]).toBe('event: error');
    expect(payload('anthropic')).toEqual({ type: 'error', error: { type: 'api_error', message: 'It broke.' } });
  });

  it('is an error event to Responses clients, readable by those who look at the top level and those who look for an object', () => {
    expect(lines('responses')[0]).toBe('event: error');
    expect(payload('responses')).toMatchObject({ type: 'error', code: 'server_error', message: 'It broke.', error: { message: 'It broke.' } });
  });

  it('is an unnamed error object to OpenAI clients, who know no event names', () => {
    expect(lines('openai')[0]).toMatch(/^data: /);
    expect(payload('openai')).toEqual({ error: { message: 'It broke.', type: 'server_error', code: 'stream_broken', param: null } });
  });

  it.each<Dialect>(['anthropic', 'openai', 'responses'])('is one complete event, whatever the message holds (%s)', (dialect) => {
    const event = brokenStreamEvent(dialect, 'two\nlines\r\n\r\nand a blank one');
    expect(event.endsWith('\n\n')).toBe(true);
    expect(event.slice(0, -2)).not.toMatch(/\r|\n\n/);
    expect(payload(dialect, 'two\nlines')).toHaveProperty('error.message', 'two\nlines');
  });

  it.each<Dialect>(['anthropic', 'openai', 'responses'])('never looks like a proper end (%s)', (dialect) => {
    expect(brokenStreamEvent(dialect, 'It broke.')).not.toMatch(/message_stop|\[DONE\]|response\.completed|finish_reason|stop_reason/);
  });
});

describe('GET /v1/models', () => {
  it('lists models as OpenAI does', () => {
    expect(JSON.parse(modelListBody('openai', ['a', 'b']))).toEqual({
      object: 'list',
      data: [
        { id: 'a', object: 'model', created: 0, owned_by: 'ccload' },
        { id: 'b', object: 'model', created: 0, owned_by: 'ccload' },
      ],
    });
  });

  it('lists models as Anthropic does, as one page that is the last', () => {
    expect(JSON.parse(modelListBody('anthropic', ['a', 'b']))).toEqual({
      data: [
        { type: 'model', id: 'a', display_name: 'a', created_at: '1970-01-01T00:00:00Z' },
        { type: 'model', id: 'b', display_name: 'b', created_at: '1970-01-01T00:00:00Z' },
      ],
      has_more: false,
      first_id: 'a',
      last_id: 'b',
    });
  });

  it('is an empty list, not a missing one, when no channel is enabled', () => {
    expect(JSON.parse(modelListBody('openai', []))).toEqual({ object: 'list', data: [] });
    expect(JSON.parse(modelListBody('anthropic', []))).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });
});
