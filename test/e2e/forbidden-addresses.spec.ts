import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { newFolder, startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

const row = rowFor('anthropic', false);
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** A gateway whose name server says 127.0.0.1 of `fickle.test` once, and from then on where the metadata of clouds are. */
const withFickleNames = (): { readonly folder: string; readonly entry: string } => {
  const folder = newFolder();
  const entry = join(folder, 'fickle.mjs');
  writeFileSync(
    entry,
    `import dns from 'node:dns';
     import { syncBuiltinESMExports } from 'node:module';
     const { lookup } = dns;
     let asked = 0;
     const found = () => [{ address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
     dns.lookup = (name, options, callback) => (name === 'fickle.test' ? callback(null, found()) : lookup(name, options, callback));
     dns.promises.lookup = async () => found();
     syncBuiltinESMExports();
     await import(${JSON.stringify(main)});`,
  );
  return { folder, entry };
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(withFickleNames());
});
afterAll(() => gateway.end());

const channel = (url: string): object => ({ name: `to ${url}`.slice(0, 100), api_key: 'k', url, models: ['m'] });

describe('a channel', () => {
  it.each(['http://169.254.169.254', 'http://0xa9fea9fe/v1', 'http://[fe80::1]', 'http://[::ffff:169.254.169.254]', 'http://[fd00:ec2::254]'])(
    'cannot be made with the address in %s',
    async (url) => {
      const answer = await gateway.admin.request('POST', '/admin/channels', channel(url));
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('CCLOAD_ALLOW_LINK_LOCAL=true');
    },
  );

  it.each(['http://user:pass@api.example.com', 'https://user@api.example.com', 'ftp://api.example.com', 'file:///etc/passwd', 'javascript:alert(1)', 'gopher://127.0.0.1'])(
    'cannot be made with the URL %s',
    async (url) => {
      expect((await gateway.admin.request('POST', '/admin/channels', channel(url))).status).toBe(400);
    },
  );

  it('cannot be led there afterwards', async () => {
    const { ids } = await gateway.serve('http://127.0.0.1:9');
    const answer = await gateway.admin.request('PUT', `/admin/channels/${ids[0]}`, channel('http://169.254.169.254'));
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('CCLOAD_ALLOW_LINK_LOCAL=true')]);
  });

  it('whose name changes its mind is refused when it connects, and the next channel answers', async () => {
    const fickle = await gateway.upstream(json(200, row.body('harmless'), [['connection', 'close']]).close());
    const honest = await gateway.upstream(row.answers('honest'));
    const { model, ids } = await gateway.serve(`http://fickle.test:${fickle.port}`, honest.url);

    const before = await call(gateway, row, model);
    const after = await call(gateway, row, model);

    expect([before.text, after.text]).toEqual([row.body('harmless'), row.body('honest')]);
    const records = await gateway.logRows(after.header('x-ccload-request-id'));
    expect(records).toMatchObject([
      { channel_id: ids[0], status_code: 502, message: 'upstream unreachable: address not allowed (link-local or cloud metadata)' },
      { channel_id: ids[1], status_code: 200 },
    ]);
    const test = await gateway.admin.request('POST', `/admin/channels/${ids[0]}/test`, { model });
    expect(JSON.parse(test.text).data).toMatchObject({ success: false, status_code: null, error: expect.stringContaining('CCLOAD_ALLOW_LINK_LOCAL=true') });
  });
});

describe('with CCLOAD_ALLOW_LINK_LOCAL=true', () => {
  it('such a channel can be made', async () => {
    const open = await startGateway({ env: { CCLOAD_ALLOW_LINK_LOCAL: 'true' } });
    const answer = await open.admin.request('POST', '/admin/channels', channel('http://169.254.169.254'));
    await open.end();
    expect(answer.status).toBe(201);
  });
});
