import { describe, expect, it } from '@jest/globals';
import { adminPassword, clientToken, startGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

describe('listening to events of the built gateway', () => {
  it('shows a call from its beginning to its end, and does not hold up the end of the program', async () => {
    const gateway = await startGateway();
    const login = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: adminPassword }),
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const events = await fetch(`${gateway.url}/admin/events`, { headers: { cookie } });
    let heard = '';
    const listening = (async () => {
      for await (const bytes of events.body ?? []) heard += Buffer.from(bytes).toString();
    })().catch(() => undefined);

    const answer = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'nobody-serves-this', messages: [] }),
    });
    expect(answer.status).toBe(503);
    const requestId = answer.headers.get('x-ccload-request-id') ?? '';
    await until('the event', () => (heard.includes(`"request_id":"${requestId}"`) ? true : undefined));
    expect(heard).toMatch(/^retry: 3000\n\nevent: live\ndata: \{"total":\d/);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('ccload_requests_total{dialect="anthropic",outcome="server_error"} 1');

    const asked = Date.now();
    await gateway.end();
    await listening;
    expect(Date.now() - asked).toBeLessThan(5_000);
  });
});
