import { describe, expect, it } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import { attributesOf } from '../../test/support/fake-collector.js';
import type { AttemptRecord } from '../domain/call.js';
import type { CallerTrace } from '../domain/trace-context.js';
import { spansOf } from './call-spans.js';
import type { Span } from './otlp.js';

const receivedAt = 1_795_612_891_000;
const requestId = `${receivedAt.toString(16).padStart(12, '0').replace(/(.{8})(.{4})/, '$1-$2')}-7000-8000-0000000000ff`;

const record = (changes: Partial<AttemptRecord> = {}): AttemptRecord => attemptRecord({ requestId, time: receivedAt + 10, ...changes });

const attributes = (span: Span | undefined) => attributesOf(span?.attributes);

const failedOver = (): readonly AttemptRecord[] => [
  record({ final: false, statusCode: 429, message: 'rate limit (429)', usage: undefined, firstByteMs: undefined, durationMs: 20.5 }),
  record({ attempt: 2, time: receivedAt + 31, channelId: 2, channelName: 'b', durationMs: 300, isStreaming: true, trace: [{ channelId: 1, channelName: 'a', note: 'chosen' }] }),
];

describe('the spans of a call', () => {
  it('are one for the call and one beneath it per attempt, with the times of the log', () => {
    const [call, first, second, ...others] = spansOf({ attempts: failedOver(), caller: undefined });
    expect(others).toEqual([]);
    expect([call?.name, first?.name, second?.name]).toEqual(['POST /v1/messages', 'channel a', 'channel b']);
    expect(call).toMatchObject({ traceId: requestId.replaceAll('-', ''), kind: 2, startTimeUnixNano: '1795612891000000000', endTimeUnixNano: '1795612891331000000' });
    expect(call).not.toHaveProperty('parentSpanId');
    expect(first).toMatchObject({ parentSpanId: call?.spanId, kind: 3, startTimeUnixNano: '1795612891010000000', endTimeUnixNano: '1795612891030500000' });
    expect(new Set([call?.spanId, first?.spanId, second?.spanId]).size).toBe(3);
    expect([call?.status, first?.status, second?.status]).toEqual([{ code: 0 }, { message: 'rate limit (429)', code: 2 }, { code: 0 }]);
  });

  it('say of the call what the client got', () => {
    expect(attributes(spansOf({ attempts: failedOver(), caller: undefined })[0])).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/messages',
      'url.scheme': 'http',
      'url.path': '/v1/messages',
      'client.address': '127.0.0.1',
      'http.response.status_code': 200,
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 17,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 3,
      'gen_ai.usage.cache_creation.input_tokens': 4,
      'ccload.request_id': requestId,
      'ccload.dialect': 'anthropic',
      'ccload.streaming': true,
      'ccload.attempts': 2,
      'ccload.token': 'token 1',
      'ccload.decisions': ['a: chosen'],
      'ccload.outcome': 'success',
      'ccload.channel.id': 2,
      'ccload.channel.name': 'b',
      'ccload.first_byte_ms': 120.5,
    });
  });

  it('say of an attempt where it went and how it failed', () => {
    expect(attributes(spansOf({ attempts: failedOver(), caller: undefined })[1])).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'ccload.attempt': 1,
      'ccload.status_code': 429,
      'ccload.outcome': 'rate_limited',
      'error.type': 'rate_limited',
      'ccload.channel.id': 1,
      'ccload.channel.name': 'a',
    });
  });

  it('go on with the trace of the client', () => {
    const caller: CallerTrace = { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), isSampled: true, state: 'v=1' };
    const [call, attempt] = spansOf({ attempts: [record()], caller });
    expect(call).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.parentId, traceState: 'v=1', flags: 0x301 });
    expect(attempt).toMatchObject({ traceId: caller.traceId, parentSpanId: call?.spanId, flags: 0x101 });
  });

  it('are one when no channel was tried', () => {
    const alone = record({ attempt: 0, channelId: undefined, channelName: undefined, statusCode: 503, message: 'no channel', usage: undefined, firstByteMs: undefined, model: '' });
    const spans = spansOf({ attempts: [alone], caller: undefined });
    expect(spans).toHaveLength(1);
    expect(spans[0]?.status).toEqual({ message: 'no channel', code: 2 });
    expect(attributes(spans[0])).toMatchObject({ 'ccload.attempts': 0, 'error.type': 'server_error', 'http.response.status_code': 503 });
    expect(attributes(spans[0])).not.toHaveProperty('gen_ai.request.model');
  });

  it.each([
    [400, 'client_error', 0, 2],
    [499, 'client_left', 0, 0],
    [504, 'timed_out', 2, 2],
    [500, 'server_error', 2, 2],
  ])('with the status %i are of the outcome %s, and errors of the call (%i) and of the attempt (%i)', (statusCode, outcome, ofCall, ofAttempt) => {
    const [call, attempt] = spansOf({ attempts: [record({ statusCode, message: 'm' })], caller: undefined });
    expect(attributes(call)).toMatchObject({ 'ccload.outcome': outcome, 'error.type': outcome });
    expect([call?.status.code, attempt?.status.code]).toEqual([ofCall, ofAttempt]);
  });

  it('tell no status that nobody heard', () => {
    expect(attributes(spansOf({ attempts: [record({ statusCode: 499 })], caller: undefined })[0])).not.toHaveProperty(['http.response.status_code']);
  });

  it('have as many names as there are known paths, and texts of a bounded length', () => {
    const [call] = spansOf({ attempts: [record({ path: `/v1/${'x'.repeat(5_000)}`, model: 'y'.repeat(5_000) })], caller: undefined });
    expect(call?.name).toBe('POST /v1');
    const { 'url.path': path, 'gen_ai.request.model': model } = attributes(call);
    expect([String(path).length, String(model).length]).toEqual([256, 256]);
  });

  it('never end before they began, also when the clock was set back', () => {
    const [call] = spansOf({ attempts: [record({ time: receivedAt - 5_000, durationMs: 1 })], caller: undefined });
    expect(call?.endTimeUnixNano).toBe(call?.startTimeUnixNano);
  });

  it('are none of nothing', () => {
    expect(spansOf({ attempts: [], caller: undefined })).toEqual([]);
  });
});
