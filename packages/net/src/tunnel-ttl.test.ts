import { expect, it } from 'vitest';
import {
  addAddress,
  addInterface,
  connect,
  listen,
  type NetHooks,
  readTap,
  sendTo,
  startTap,
  turnToPackets,
} from './index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from './testing/lab.ts';

for (const detail of ['connection', 'packet'] as const) {
  it(`routers lower the outer TTL only, the director both, at ${detail} level`, () => {
    const lab = createLab();
    if (detail === 'packet') turnToPackets(lab.net, { frame: 10, neighbour: 11 });
    const lan = segment(lab, 'lan', '10.0.0.0/24');
    const far = segment(lab, 'far', '10.0.1.0/24');
    const client = host(lab, 'client', 'client', [[lan, '10.0.0.1/24']], '10.0.0.254');
    const director = host(lab, 'director', 'director', [[lan, '10.0.0.5/24']], '10.0.0.254');
    addAddress(lab.net, director, 'eth0', ip('10.0.0.100'), 32);
    host(lab, 'router', 'router', [
      [lan, '10.0.0.254/24'],
      [far, '10.0.1.254/24'],
    ]);
    const server = host(lab, 'rs1', 'realserver', [[far, '10.0.1.11/24']], '10.0.1.254');
    addInterface(lab.net, server, { name: 'tunl0' });
    addAddress(lab.net, server, 'tunl0', ip('10.0.0.100'), 32);
    listen(lab, server, { port: 80 });
    const hooks: NetHooks<Lab> = hooksOf({
      localIn: (l, at, p) => {
        sendTo(l, hooks, at, p, { method: 'tunnel', address: ip('10.0.1.11'), port: 80 });
        return 'stolen';
      },
    });
    const sent = startTap(lab.net, director, { direction: 'out' });
    const got = startTap(lab.net, server, { direction: 'in' });
    connect(lab, hooks, client, { destination: ip('10.0.0.100'), destinationPort: 80 });
    runUntil(lab, hooks, 1);
    const ttls = (tap: typeof got): number[][] =>
      readTap(tap).flatMap(({ ttl, innerTtl, outerSource }) => (outerSource === 0 ? [] : [[ttl, innerTtl]]));
    // the SYN and the ACK of the handshake
    const both = (pair: readonly number[]): (readonly number[])[] => [pair, pair];
    expect(ttls(sent)).toEqual(both([63, 63]));
    expect(ttls(got)).toEqual(both([62, 63]));
  });
}
