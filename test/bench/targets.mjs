// What is measured: the gateway as it is built, the bare relay, the obvious proxy, and nginx where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measuredCore, nodeUsageArgs, nodeUsageIpc, start, startScript } from './processes.mjs';
import { channelKey, model, token } from './workloads.mjs';

const ours = fileURLToPath(new URL('../..', import.meta.url));
/** What starts the gateway that has been built in a checkout. */
export const gatewayEntryIn = (checkout) => join(checkout, 'dist/src/main.js');
const password = 'bench-password';
/** As `npm start` and the image start it (docs/adr/0027). */
const shippedFlags = ['--single-threaded-gc'];
const profileIntervalUs = 500;
/** Where the log records of a run may still be on their way to the table. */
const flushMs = 10_000;

const nginxVersionLine = () => {
  const { status, stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return status === 0 ? stderr.trim() : undefined;
};

/** For example `nginx/1.22.1`; undefined when it is not installed. */
export const nginxVersion = nginxVersionLine()?.split(': ').at(-1);

const mustBeOk = async (response) => {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return response;
};

/** The operator's side of a running gateway. */
class Operator {
  #base;
  #cookie = '';

  constructor(port) {
    this.#base = `http://127.0.0.1:${port}`;
  }

  async login() {
    const response = await this.#send('/login', 'POST', { password });
    this.#cookie = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
  }

  async addChannel(channel) {
    await this.#send('/admin/channels', 'POST', channel);
  }

  /** Rows in the log of the last day. */
  async logRows() {
    const response = await this.#send('/admin/logs?limit=1', 'GET');
    return (await response.json()).count;
  }

  /** Any answer of the API's, read to its end. */
  async read(path) {
    return (await this.#send(path, 'GET')).text();
  }

  /** Listens to an endless answer; `end` closes it and says how many bytes came. */
  follow(path) {
    const reader = this.#send(path, 'GET').then(({ body }) => body.getReader());
    const reading = reader.then(async (chunks) => {
      let bytes = 0;
      for (let next = await chunks.read(); !next.done; next = await chunks.read()) bytes += next.value.length;
      return bytes;
    });
    // Told by `end`; until then nobody waits for it.
    reading.catch(() => undefined);
    return {
      end: async () => {
        await (await reader).cancel();
        return reading;
      },
    };
  }

  async #send(path, method, body) {
    const headers = { 'content-type': 'application/json', cookie: this.#cookie };
    return mustBeOk(await fetch(`${this.#base}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }));
  }
}

const otherModels = (count) => Array.from({ length: count }, (_, index) => `another-model-${index}`);

/** `catalog` is `{ channels, models }`: every channel serves the benchmark's model and `models - 1` others. */
const configure = async (operator, catalog, upstreamPort) => {
  await operator.login();
  for (let index = 0; index < catalog.channels; index++) {
    await operator.addChannel({
      name: `bench-${index}`,
      api_key: channelKey,
      url: `http://127.0.0.1:${upstreamPort}`,
      models: [model, ...otherModels(catalog.models - 1)],
      priority: 10,
    });
  }
};

const profileArgs = (folder) =>
  folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${profileIntervalUs}`];

/** Starts the gateway on the database in `folder`, as it is, and waits until it listens. */
export const launchGateway = async ({ folder, profileFolder, env = {}, entry = gatewayEntryIn(ours), name = 'gateway' }) => {
  mkdirSync(folder, { recursive: true });
  const gateway = start({
    name,
    core: measuredCore,
    command: process.execPath,
    args: [...shippedFlags, ...nodeUsageArgs, ...profileArgs(profileFolder), entry],
    cwd: folder,
    env: { PORT: '0', HOST: '127.0.0.1', CCLOAD_PASS: password, CCLOAD_AUTH: token, SQLITE_PATH: join(folder, 'bench.db'), ...env },
    ipc: nodeUsageIpc,
  });
  gateway.port = await gateway.until(({ output }) => {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
    return port === undefined ? undefined : Number(port);
  });
  return gateway;
};

/** `options` are those of `launchGateway`, `upstreamPort` and `catalog`; `folder` holds its database, `env` is set besides. */
export const startGateway = async ({ upstreamPort, catalog, ...options }) => {
  const gateway = await launchGateway(options);
  const operator = new Operator(gateway.port);
  await configure(operator, catalog, upstreamPort);
  gateway.operator = operator;
  return gateway;
};

/** The same gateway as it was: the build of another checkout. */
export const startGatewayBefore = ({ before, ...options }) =>
  startGateway({ ...options, entry: gatewayEntryIn(before), name: 'gateway before' });

/** Log rows once they stop growing, or after `flushMs`; undefined when the gateway does not tell. */
export const settledLogRows = async ({ operator }, pause) => {
  const deadline = performance.now() + flushMs;
  try {
    let rows = -1;
    for (let next = await operator.logRows(); next !== rows && performance.now() < deadline; next = await operator.logRows()) {
      rows = next;
      await pause(1_000);
    }
    return rows;
  } catch {
    return undefined;
  }
};

export const startRelay = ({ upstreamPort }) =>
  startScript({ name: 'bare relay', core: measuredCore, script: 'bare-relay.mjs', args: [String(upstreamPort)] });

export const startObvious = ({ upstreamPort }) =>
  startScript({ name: 'express + axios', core: measuredCore, script: 'obvious-proxy.mjs', args: [String(upstreamPort)] });

/** nginx does not tell which port it took, so one is chosen for it. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** One process, a keep-alive pool to the upstream, bodies in memory, answers passed on as they come. */
const nginxConfig = (port, upstreamPort) => `
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  client_body_buffer_size 256k;
  keepalive_requests 100000000;
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;

export const startNginx = async ({ folder, upstreamPort }) => {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, nginxConfig(port, upstreamPort));
  const nginx = start({ name: 'nginx', core: measuredCore, command: 'nginx', args: ['-e', 'stderr', '-p', `${folder}/`, '-c', path], cwd: folder });
  nginx.port = port;
  return nginx;
};
