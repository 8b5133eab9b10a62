import { createServer } from 'node:net';
import { Missing } from './say.mjs';

/** The first port on this machine's own address, from `first` on, that nobody listens on. */
export async function freePort(first) {
  for (let port = first; port < first + 100 && port < 65_536; port++) if (await isFree(port)) return port;
  throw new Missing(`No port from ${first} on is free: name another with npm start -- --port N.`);
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
