import { ipv4, parseIpv4, TCP_SYN } from '@lvscope/inet';
import { startTap, readTap } from '@lvscope/net';
import { expect, test, vi } from 'vitest';
import {
  acceptedFrom,
  closeAccepted,
  closeConnection,
  connectionOf,
  datagramSocketOf,
  listenResponder,
  openConnection,
  openDatagramSocket,
  sendDatagramBy,
  sendFromAccepted,
  sendOnConnection,
  setHold,
  setUdpSilent,
  unlistenResponder,
} from './probe.ts';
import { rawPacket } from './raw.ts';
import { runTo, VIP, worldOf } from './testing/cluster.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const at = (address: string, port: number) => ({ address: parseIpv4(address)!, port });
const client = at('10.1.0.10', 40000);
const virtual = at(VIP, 80);

/** A cluster whose servers run the test program instead of a web server. */
function laboratory(method: 'dr' | 'nat' | 'tun' = 'dr', protocol: 'tcp' | 'udp' = 'tcp'): World {
  const world = worldOf({ method, protocol, server: { port: 8888 } });
  for (const host of ['rs1', 'rs2', 'rs3']) listenResponder(world, host, protocol, 80);
  return world;
}

function later(world: World, seconds: number): void {
  runTo(world, world.sim.now / 1e9 + seconds);
}

test.each(['dr', 'nat', 'tun'] as const)('%s: who accepted, and on which address', (method) => {
  const world = laboratory(method);
  const id = openConnection(world, 'client', client, virtual);
  expect(connectionOf(world, id)?.status).toBe('connecting');
  later(world, 0.2);
  expect(connectionOf(world, id)?.status).toBe('connected');
  const address = method === 'nat' ? parseIpv4('172.16.0.13') : parseIpv4(VIP);
  expect(acceptedFrom(world, client)).toMatchObject({ host: 'rs3', address, port: 80, status: 'open' });
});

test('bytes arrive on both sides, and a client that closes takes the server with it', () => {
  const world = laboratory();
  const id = openConnection(world, 'client', client, virtual);
  later(world, 0.2);
  expect(sendOnConnection(world, id, 5000)).toBe(true);
  expect(sendFromAccepted(world, client, 300)).toBe(true);
  later(world, 0.2);
  expect(acceptedFrom(world, client)?.received).toBe(5000);
  expect(connectionOf(world, id)?.received).toBe(300);
  expect(closeConnection(world, id, 'fin')).toBe(true);
  later(world, 0.2);
  expect(acceptedFrom(world, client)?.status).toBe('closed');
  expect(sendFromAccepted(world, client, 1)).toBe(false);
});

test('a server that holds reads the end of file and stays open', () => {
  const world = laboratory();
  setHold(world, undefined, true);
  const id = openConnection(world, 'client', client, virtual);
  later(world, 0.2);
  closeConnection(world, id, 'fin');
  later(world, 0.2);
  expect(acceptedFrom(world, client)?.status).toBe('eof');
  expect(closeAccepted(world, client, 'fin')).toBe(true);
});

test('a server that closes first is seen as end of file, its reset as a reset', () => {
  const world = laboratory();
  const id = openConnection(world, 'client', client, virtual);
  const second = openConnection(world, 'client', at('10.1.0.10', 40001), virtual);
  later(world, 0.2);
  closeAccepted(world, client, 'fin');
  closeAccepted(world, at('10.1.0.10', 40001), 'rst');
  later(world, 0.2);
  expect([connectionOf(world, id)?.status, connectionOf(world, second)?.status]).toEqual(['eof', 'reset']);
});

test('without a listener the server refuses; without a server at all the director does', () => {
  const world = laboratory();
  for (const host of ['rs1', 'rs2', 'rs3']) expect(unlistenResponder(world, host, 'tcp', 80)).toBe(true);
  const refused = openConnection(world, 'client', client, virtual);
  const nothingThere = openConnection(world, 'client', at('10.1.0.10', 40001), at(VIP, 81));
  later(world, 0.2);
  expect(connectionOf(world, refused)?.status).toBe('refused');
  expect(connectionOf(world, nothingThere)?.status).toBe('refused');
  expect(acceptedFrom(world, client)).toBeUndefined();
});

test('an address that nobody has times out after all SYNs, or is unreachable by its router', () => {
  const world = laboratory();
  const id = openConnection(world, 'client', client, at('192.168.1.77', 80));
  later(world, 200);
  expect(connectionOf(world, id)?.status).toBe('unreachable');
});

test('a datagram is echoed by the server that got it, from the address that was asked', () => {
  const world = laboratory('dr', 'udp');
  const id = openDatagramSocket(world, 'client', client);
  expect(sendDatagramBy(world, id, virtual, 77)).toBe('sent');
  later(world, 0.2);
  expect(world.probe.heard).toMatchObject([{ host: 'rs3', destination: virtual.address, bytes: 77 }]);
  expect(datagramSocketOf(world, id)?.received).toMatchObject([{ source: virtual.address, bytes: 77 }]);
  setUdpSilent(world, true);
  sendDatagramBy(world, id, virtual, 77);
  later(world, 0.2);
  expect(world.probe.heard.length).toBe(2);
  expect(datagramSocketOf(world, id)?.received.length).toBe(1);
});

test('the port unreachable of a server without a program reaches a connected UDP socket', () => {
  const world = laboratory('nat', 'udp');
  for (const host of ['rs1', 'rs2', 'rs3']) unlistenResponder(world, host, 'udp', 80);
  const id = openDatagramSocket(world, 'client', client, virtual);
  sendDatagramBy(world, id, virtual, 20);
  later(world, 0.2);
  expect(datagramSocketOf(world, id)?.errors).toEqual([3 * 256 + 3]);
});

test('a hand-made SYN is answered to an address that has no socket, and a tap sees it', () => {
  const world = laboratory();
  const tap = startTap(world.net, world.net.hostByName.get('rs3')!, { direction: 'in' });
  const packet = { source: ipv4(parseIpv4('10.1.9.9')!), sourcePort: 1234, seq: 1000, flags: TCP_SYN };
  expect(rawPacket(world, 'client', { ...packet, destination: virtual.address, destinationPort: 80 })).toBe(
    'sent',
  );
  later(world, 0.2);
  expect(readTap(tap)[0]).toMatchObject({
    source: packet.source,
    sourcePort: 1234,
    flags: TCP_SYN,
    seq: 1000,
  });
});
