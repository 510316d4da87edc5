// The least a proxy in Node can do: node:http in front, undici behind, bytes and backpressure both ways, nothing else.
// It is the measure for the gateway's own work. Usage: node bare-relay.mjs <upstream port>
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { reportPort } from './child-side.mjs';

const connectionsMax = 2_000;
const upstream = new Pool(`http://127.0.0.1:${process.argv[2]}`, {
  connections: connectionsMax,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** Headers that speak of one connection only, and those that undici writes itself. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'content-length']);

const relayable = (rawHeaders, keeps) => {
  const headers = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index].toString('latin1');
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) && lower !== keeps) continue;
    headers.push(name, rawHeaders[index + 1].toString('latin1'));
  }
  return headers;
};

/** undici's callbacks on one side, the client's response on the other. */
class Relay {
  #response;

  constructor(response) {
    this.#response = response;
  }

  onRequestStart(controller) {
    this.#response.on('drain', () => controller.resume());
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) controller.abort(new Error('the client left'));
    });
  }

  onResponseStart(controller, status) {
    this.#response.writeHead(status, relayable(controller.rawHeaders, 'content-length'));
  }

  onResponseData(controller, chunk) {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd() {
    this.#response.end();
  }

  onResponseError() {
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(502).end();
  }
}

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  const headers = relayable(request.rawHeaders, 'content-length');
  upstream.dispatch({ path: request.url, method: request.method, headers, body: request }, new Relay(response));
});
server.listen(0, '127.0.0.1', 4_096, () => reportPort(server.address().port));
