import { expect, it } from 'vitest';
import { close, connect, listen, type NetHooks } from './index.ts';
import { hooksOf, ip, type Lab, pair, runUntil } from './testing/lab.ts';

const from = { source: ip('10.0.0.1'), sourcePort: 4000 };
const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };

// as recorded of 6.1: a client that binds its port itself and comes back while it is in TIME_WAIT
it('a port that the program has bound may leave TIME_WAIT at once, but not while it is in use', () => {
  const { lab, client, server } = pair();
  listen(lab, server, { port: 80 });
  const hooks: NetHooks<Lab> = hooksOf({
    remoteClosed: (l, s) => close(l, hooks, s),
    closed: () => {},
  });
  const first = connect(lab, hooks, client, { ...from, ...to80 }) as number;
  runUntil(lab, hooks, 1);
  expect(connect(lab, hooks, client, { ...from, ...to80 })).toBe('address-in-use');
  close(lab, hooks, first);
  runUntil(lab, hooks, 1.5);
  expect(connect(lab, hooks, client, { ...from, ...to80 })).toBeTypeOf('number');
  runUntil(lab, hooks, 2);
  expect(lab.log.filter((line) => line.endsWith('client connected'))).toHaveLength(2);
});

it('a port that the kernel looks for stays in TIME_WAIT where tcp_tw_reuse is for loopback only', () => {
  const { lab, client, server } = pair();
  listen(lab, server, { port: 80 });
  client.sysctl.ip_local_port_range = [4000, 4000];
  const hooks: NetHooks<Lab> = hooksOf({ remoteClosed: (l, s) => close(l, hooks, s), closed: () => {} });
  const first = connect(lab, hooks, client, to80) as number;
  runUntil(lab, hooks, 1);
  close(lab, hooks, first);
  runUntil(lab, hooks, 5);
  expect(connect(lab, hooks, client, to80)).toBe('ports-exhausted');
});
