import { describe, expect, it } from '@jest/globals';
import { formatsOf } from '../text/formats.js';
import type { AttemptFacts } from './log-row.view.js';
import { requestEn } from './request.en.js';
import { requestView } from './request.view.js';

const speech = { texts: requestEn, formats: formatsOf.en };

const attempt = (changes: Partial<AttemptFacts>): AttemptFacts => ({
  id: 1,
  time: 1_000_000,
  request_id: 'r-1',
  attempt: 1,
  final: true,
  model: 'claude',
  channel_name: 'first',
  path: '/v1/messages',
  status_code: 200,
  message: '',
  duration: 1,
  is_streaming: true,
  first_byte_time: 0.5,
  input_tokens: 1_234,
  output_tokens: 2,
  cache_read_tokens: 3,
  cache_creation_tokens: 4,
  usage_incomplete: false,
  client_ip: '198.51.100.7',
  token_label: 'token 1',
  trace: null,
  ...changes,
});

describe('a request', () => {
  it('shows its attempts in their order, each where it lay in the time of the whole', () => {
    const failed = attempt({ final: false, status_code: 502, first_byte_time: null, duration: 1, message: 'upstream unreachable' });
    const served = attempt({ attempt: 2, time: 1_001_000, duration: 3, first_byte_time: 1, channel_name: 'second' });
    const { attempts, badge, span } = requestView([served, failed], 2_000_000, speech);
    expect(attempts.map(({ number, channel }) => [number, channel])).toEqual([['1', 'first'], ['2', 'second']]);
    expect(attempts[0]?.bar).toMatchObject({ start: 0, waiting: 25, answering: 0, firstByte: undefined, tone: 'bad' });
    expect(attempts[1]?.bar).toMatchObject({ start: 25, waiting: 25, answeringAt: 50, answering: 50, firstByte: 50, tone: 'good' });
    expect([badge.label, span]).toEqual(['200 OK', '0 – 4.00 s']);
  });

  it('draws something for an attempt that took no time at all, also at the very end', () => {
    const long = attempt({ final: false, duration: 10 });
    const short = attempt({ attempt: 2, time: 1_010_000, duration: 0, first_byte_time: null });
    for (const { bar } of requestView([long, short], 2_000_000, speech).attempts) {
      expect(bar.waiting + bar.answering).toBeGreaterThan(0);
      expect(bar.start + bar.waiting + bar.answering).toBeLessThanOrEqual(100.01);
    }
    expect(requestView([attempt({ duration: 0, first_byte_time: null })], 2_000_000, speech).attempts[0]?.bar).toMatchObject({ start: 0, waiting: 100 });
  });

  it('never draws the first byte behind the end, whatever was measured', () => {
    const { bar } = requestView([attempt({ duration: 1, first_byte_time: 4 })], 2_000_000, speech).attempts[0] ?? {};
    expect(bar).toMatchObject({ waiting: 100, answering: 0, firstByte: 100 });
  });

  it('says that nobody was tried, or that there was nothing to weigh', () => {
    expect(requestView([attempt({ attempt: 0, channel_name: null })], 2_000_000, speech)).toMatchObject({ steps: [], noSteps: requestEn.nobodyTried });
    expect(requestView([attempt({})], 2_000_000, speech).noSteps).toBe(requestEn.noDecisions);
  });

  it('ends as its last attempt did when retention has taken the final one', () => {
    const rows = [attempt({ final: false, status_code: 429 }), attempt({ attempt: 2, final: false, status_code: 529 })] as const;
    expect(requestView(rows, 2_000_000, speech).badge).toEqual({ tone: 'bad', label: '529 Overloaded' });
  });

  it('leaves out what it does not know', () => {
    const labels = requestView([attempt({ token_label: null, model: '' })], 2_000_000, speech).facts.map(({ label }) => label);
    expect(labels).not.toContain(requestEn.token);
    expect(labels).not.toContain(requestEn.model);
  });
});
