// Stands between a client and the gateway, passes every byte both ways and prints the heads of what passes, so that
// also requests which never reach a channel are seen: node test/support/demo-tap.mjs 8081 8080
import { connect, createServer } from 'node:net';

const [from, to] = process.argv.slice(2, 4).map(Number);
const headChars = 16 * 1024;

/** Secrets stay out of what is printed. */
const shown = (line) => line.replace(/^(authorization|x-api-key|cookie): .*(.{4})$/i, '$1: …$2');

/** Prints each head that begins in what passes. Bodies here are JSON and event streams, which hold no bare CRLF. */
const printHeads = (connection, mark, start) => {
  let pending = '';
  return (bytes) => {
    pending += bytes.toString('latin1');
    for (;;) {
      const at = pending.search(start);
      const end = at === -1 ? -1 : pending.indexOf('\r\n\r\n', at);
      if (end === -1) break;
      const lines = pending.slice(at, end).split('\r\n').map(shown);
      process.stdout.write(`${connection} ${mark} ${lines.join(`\n${connection} ${mark}   `)}\n`);
      pending = pending.slice(end + 4);
    }
    pending = pending.slice(-headChars);
  };
};

let connections = 0;
const server = createServer({ allowHalfOpen: true }, (client) => {
  const number = (connections += 1);
  const gateway = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
  client.on('data', printHeads(number, '>', /[A-Z]+ \S+ HTTP\/1\.1\r\n/)).on('error', () => gateway.destroy());
  gateway.on('data', printHeads(number, '<', /HTTP\/1\.1 \d{3}/)).on('error', () => client.destroy());
  client.pipe(gateway);
  gateway.pipe(client);
});
server.listen(from, '127.0.0.1');
