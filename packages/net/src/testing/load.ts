import { close, connect, listen, type NetHooks, send } from '../index.ts';
import { host, hooksOf, ip, createLab, type Lab, runUntil, segment } from './lab.ts';

/** Closed loop: `clients` at a time, each a request of 200 bytes and a reply of `reply`, `total` in all. */
export function load(
  total: number,
  clients: number,
  reply: number,
  bandwidth = 0,
): { lab: Lab; done: number } {
  const lab = createLab();
  const wan = segment(lab, 'wan', '10.254.0.0/24', { delayNs: 1e6 });
  const lan = segment(lab, 'lan', '192.168.0.0/24', { delayNs: 50e3, bandwidthBitsPerSecond: bandwidth });
  const client = host(lab, 'client', 'client', [[wan, '10.254.0.1/24']], '10.254.0.254');
  const router = host(lab, 'router', 'router', [
    [wan, '10.254.0.254/24'],
    [lan, '192.168.0.254/24'],
  ]);
  const server = host(lab, 'server', 'realserver', [[lan, '192.168.0.2/24']], '192.168.0.254');
  void router;
  client.sysctl.tcp_max_tw_buckets = 20000;
  client.sysctl.ip_local_port_range = [1024, 65535];
  const state = { lab, done: 0, started: 0 };
  const start = (): void => {
    if (state.started >= total) return;
    state.started++;
    connect(lab, hooks, client, { destination: ip('192.168.0.2'), destinationPort: 80 });
  };
  const t = lab.net.sockets;
  const hooks: NetHooks<Lab> = {
    ...hooksOf(),
    accepted: () => {},
    connected: (_w, s) => void send(lab, hooks, s, 200),
    received: (_w, s) => {
      if (t.host[s] === server.id) {
        send(lab, hooks, s, reply);
        close(lab, hooks, s);
      }
    },
    remoteClosed: (_w, s) => close(lab, hooks, s),
    closed: (_w, s) => {
      if (t.host[s] === client.id) {
        state.done++;
        start();
      }
    },
    dropped: () => {},
  };
  server.sysctl.tcp_max_tw_buckets = 20000;
  listen(lab, server, { port: 80 });
  for (let i = 0; i < clients; i++) start();
  for (let s = 1; state.done < total && s < 10000; s++) runUntil(lab, hooks, s);
  return state;
}
