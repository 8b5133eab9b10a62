import { PROTO_TCP } from '@lvscope/inet';
import { expect, test } from 'vitest';
import {
  addRule,
  packetRule,
  connect,
  listen,
  readTap,
  send,
  sendTo,
  startTap,
  turnToPackets,
} from './index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from './testing/lab.ts';

const VIP = { address: ip('10.0.0.100'), prefixLength: 32 };

for (const detail of ['connection', 'packet'] as const) {
  test(`REDIRECT lets a server without the VIP answer from it, at ${detail} level`, () => {
    const lab = createLab();
    if (detail === 'packet') turnToPackets(lab.net, { frame: 10, neighbour: 11 });
    const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 1000 });
    const client = host(lab, 'client', 'client', [[lan, '10.0.0.1/24']]);
    const director = host(lab, 'director', 'director', [
      [lan, '10.0.0.5/24'],
      [lan, '10.0.0.100/32'],
    ]);
    const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
    const match = { protocol: PROTO_TCP, destination: VIP, ports: [[80, 80] as const] };
    const rule = packetRule({ kind: 'redirect', port: 8080 }, match);
    addRule(lab.net, server, 'nat', 'PREROUTING', rule);
    listen(lab, server, { port: 8080 });
    const hooks: ReturnType<typeof hooksOf> = hooksOf({
      localIn: (world: Lab, at, packet) => {
        if (at !== director) return 'accept';
        sendTo(world, hooks, at, packet, { method: 'route', address: ip('10.0.0.11'), port: 0 });
        return 'stolen';
      },
    });
    const tap = startTap(lab.net, client, { direction: 'in' });
    const s = connect(lab, hooks, client, { destination: VIP.address, destinationPort: 80 }) as number;
    runUntil(lab, hooks, 1);
    send(lab, hooks, s, 300);
    runUntil(lab, hooks, 2);
    expect(lab.log.filter((line) => line.includes('rs1'))).toEqual([
      '0.000 rs1 accepted',
      '1.000 rs1 received 300',
    ]);
    for (const { source, sourcePort } of readTap(tap))
      expect([source, sourcePort]).toEqual([VIP.address, 80]);
    // as the kernel counts: a connection once
    expect([rule.packets, rule.bytes]).toEqual([1, 60]);
  });
}
