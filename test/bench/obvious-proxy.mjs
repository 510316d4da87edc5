// The obvious way to write a proxy: Express reads the body, axios sends it on, the answer is piped. Nothing else is done.
// It shows what leaving the request path to frameworks would cost. Usage: node obvious-proxy.mjs <upstream port>
import http from 'node:http';
import axios from 'axios';
import express from 'express';
import { reportPort } from './child-side.mjs';

const upstream = axios.create({
  baseURL: `http://127.0.0.1:${process.argv[2]}`,
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: 2_000 }),
  responseType: 'stream',
  decompress: false,
  maxRedirects: 0,
  maxBodyLength: Infinity,
  maxContentLength: Infinity,
  validateStatus: () => true,
});

const ofThisHop = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'content-length'];
const without = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !ofThisHop.includes(name)));

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.raw({ type: () => true, limit: '64mb' }));
app.use(async (request, response) => {
  const answer = await upstream.request({ method: request.method, url: request.originalUrl, headers: without(request.headers), data: request.body });
  response.status(answer.status).set(without(answer.headers));
  answer.data.pipe(response);
});
app.listen(0, '127.0.0.1', 4_096, function () {
  reportPort(this.address().port);
});
