import { TCP_PSH } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import {
  connect,
  framesSeen,
  type Host,
  injectPacket,
  interfaceCounters,
  keepFrames,
  listen,
  type NetHooks,
  readTap,
  send,
  sendEcho,
  setInterfaceMtu,
  startTap,
  turnToPackets,
  udpOpen,
  udpSend,
} from './index.ts';
import { PACKET_REALS, PAYLOAD } from './packet-row.ts';
import { createLab, host, hooksOf, ip, type Lab, pair, runUntil, segment } from './testing/lab.ts';

const eth0 = (at: Host) => at.interfaces.find(({ name }) => name === 'eth0')!;
const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };

/** Lengths of the packets that a tap has seen leave, trains taken apart. */
function lengths(tap: ReturnType<typeof startTap>): number[] {
  return readTap(tap).flatMap(({ length, packets }) => Array<number>(packets).fill(length));
}

describe('an interface’s MTU', () => {
  it.each([
    ['is announced in the SYN of its host, and binds what it sends', 'client'],
    ['that is smaller at the receiver makes the sender’s segments smaller, by its SYN-ACK', 'server'],
  ] as const)('%s', (_what, where) => {
    const hosts = pair();
    const { lab, client } = hosts;
    listen(lab, hosts.server, { port: 80 });
    setInterfaceMtu(lab, hosts[where], eth0(hosts[where]), 1400);
    const hooks = hooksOf({ received: () => {} });
    const out = startTap(lab.net, client, { direction: 'out' });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    send(lab, hooks, s, 5000);
    runUntil(lab, hooks, 2);
    expect(Math.max(...lengths(out))).toBe(1400);
  });

  it('counts for an idle connection from now on', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    const hooks = hooksOf({ received: () => {} });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    setInterfaceMtu(lab, client, eth0(client), 1000);
    const out = startTap(lab.net, client, { direction: 'out' });
    send(lab, hooks, s, 5000);
    runUntil(lab, hooks, 2);
    expect(Math.max(...lengths(out))).toBe(1000);
  });

  for (const detail of ['connection', 'packet'] as const) {
    it(`takes ordinary frames however small it is, and drops longer ones, at ${detail} level`, () => {
      const lab = createLab();
      if (detail === 'packet') turnToPackets(lab.net, { frame: 10, neighbour: 11 });
      const wire = segment(lab, 'wire', '10.0.0.0/24', { mtu: 9000 });
      const client = host(lab, 'client', 'client', [[wire, '10.0.0.1/24']]);
      const server = host(lab, 'server', 'realserver', [[wire, '10.0.0.2/24']]);
      setInterfaceMtu(lab, server, eth0(server), 1400);
      const got: string[] = [];
      const hooks: NetHooks<Lab> = hooksOf({
        datagram: (l, _h, _s, p) => void got.push(String(l.net.packets.reals[(p << PACKET_REALS) | PAYLOAD])),
        dropped: (_l, at, _p, reason) => void got.push(`${at.name} ${reason}`),
      });
      udpOpen(lab, server, { sourcePort: 53 });
      const s = udpOpen(lab, client, { destination: ip('10.0.0.2'), destinationPort: 53 }) as number;
      for (const bytes of [1472, 1473]) udpSend(lab, hooks, s, bytes);
      runUntil(lab, hooks, 1);
      expect(got).toEqual(['1472', 'server frame-too-long']);
    });

    it(`of a router refuses what does not fit and may not be cut, at ${detail} level`, () => {
      const lab = createLab();
      if (detail === 'packet') turnToPackets(lab.net, { frame: 10, neighbour: 11 });
      const near = segment(lab, 'near', '10.0.0.0/24');
      const far = segment(lab, 'far', '10.0.1.0/24');
      const client = host(lab, 'client', 'client', [[near, '10.0.0.1/24']], '10.0.0.254');
      const router = host(lab, 'router', 'router', [
        [near, '10.0.0.254/24'],
        [far, '10.0.1.254/24'],
      ]);
      host(lab, 'server', 'realserver', [[far, '10.0.1.2/24']], '10.0.1.254');
      setInterfaceMtu(lab, router, router.interfaces[2]!, 1300);
      const tap = startTap(lab.net, client, { direction: 'in' });
      const hooks = hooksOf({ dropped: () => {} });
      sendEcho(lab, hooks, client, ip('10.0.1.2'), { id: 1, number: 1, bytes: 1400 });
      runUntil(lab, hooks, 1);
      expect(readTap(tap).map(({ icmpType, icmpCode, icmpMtu }) => [icmpType, icmpCode, icmpMtu])).toEqual([
        [3, 4, 1300],
      ]);
    });
  }
});

it('a host’s own datagram that does not fit leaves in fragments, and is answered in fragments', () => {
  const { lab, client } = (() => {
    const made = pair();
    turnToPackets(made.lab.net, { frame: 10, neighbour: 11 });
    keepFrames(made.lab.net, 100);
    return made;
  })();
  const hooks = hooksOf({ dropped: () => {} });
  const tap = startTap(lab.net, client, { direction: 'in' });
  sendEcho(lab, hooks, client, ip('10.0.0.2'), { id: 1, number: 1, bytes: 2000 });
  runUntil(lab, hooks, 1);
  const { frames } = framesSeen(lab.net, { interfaceId: eth0(client).id });
  const packets = frames.filter(({ arp }) => arp === undefined);
  expect(packets.filter(({ direction }) => direction === 'out')).toHaveLength(2);
  expect(packets.filter(({ direction }) => direction === 'in')).toHaveLength(2);
  expect(readTap(tap).some(({ icmpType, length }) => icmpType === 0 && length === 2028)).toBe(true);
  // 1480 and 528 bytes of it, each behind a header of its own
  expect(interfaceCounters(lab.net, eth0(client))).toMatchObject({ receivedPackets: 2, receivedBytes: 2048 });
});

it('an echo is answered without DF, however it was asked', () => {
  const { lab, client } = pair();
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, 100);
  sendEcho(lab, hooksOf(), client, ip('10.0.0.2'), { id: 1, number: 1 });
  runUntil(lab, hooksOf(), 1);
  const { frames } = framesSeen(lab.net, { interfaceId: eth0(client).id });
  const packets = frames.flatMap(({ ip: packet }) => packet ?? []);
  expect(packets.map(({ icmpType, dontFragment }) => [icmpType, dontFragment])).toEqual([
    [8, true],
    [0, false],
  ]);
});

it('a hand-made packet that may not be cut and does not fit goes nowhere, and its host says so', () => {
  const { lab, client } = pair();
  const tap = startTap(lab.net, client, { direction: 'out' });
  const packet = { source: ip('10.0.0.1'), sourcePort: 1, destination: ip('10.0.0.2'), destinationPort: 2 };
  setInterfaceMtu(lab, client, eth0(client), 1480);
  expect(injectPacket(lab, hooksOf(), client, { ...packet, payload: 1460 })).toBe('too-big');
  expect(injectPacket(lab, hooksOf(), client, { ...packet, payload: 1460, df: false })).toBe('sent');
  expect(injectPacket(lab, hooksOf(), client, { ...packet, payload: 1440 })).toBe('sent');
  runUntil(lab, hooksOf(), 1);
  expect(lengths(tap).filter((length) => length > 576)).toHaveLength(2);
});

describe('a path MTU that another connection has learnt', () => {
  /** Two connections to a server behind a router that passes 1300 bytes; the first has learnt that. */
  function learnt() {
    const lab = createLab();
    const near = segment(lab, 'near', '10.0.0.0/24');
    const far = segment(lab, 'far', '10.0.1.0/24');
    const client = host(lab, 'client', 'client', [[near, '10.0.0.1/24']], '10.0.0.254');
    const router = host(lab, 'router', 'router', [
      [near, '10.0.0.254/24'],
      [far, '10.0.1.254/24'],
    ]);
    const server = host(lab, 'server', 'realserver', [[far, '10.0.1.2/24']], '10.0.1.254');
    setInterfaceMtu(lab, router, router.interfaces[2]!, 1300);
    listen(lab, server, { port: 80 });
    const hooks = hooksOf({ received: () => {}, dropped: () => {} });
    const to = { destination: ip('10.0.1.2'), destinationPort: 80 };
    const [first, second] = [connect(lab, hooks, client, to), connect(lab, hooks, client, to)] as number[];
    runUntil(lab, hooks, 1);
    send(lab, hooks, first!, 5000);
    runUntil(lab, hooks, 2);
    const tap = startTap(lab.net, client, { direction: 'out' });
    const sent = () => readTap(tap).map((r) => [Math.round(r.at / 1e7) / 100, r.payload, r.flags & TCP_PSH]);
    return { lab, hooks, second: second!, sent };
  }

  it('does not concern a segment that fits', () => {
    const { lab, hooks, second, sent } = learnt();
    send(lab, hooks, second, 100);
    runUntil(lab, hooks, 2.1);
    expect(sent()).toEqual([[2, 100, TCP_PSH]]);
  });

  it('holds one that does not up until the probe timer, which sends one segment and pushes it', () => {
    const { lab, hooks, second, sent } = learnt();
    send(lab, hooks, second, 1448);
    runUntil(lab, hooks, 3);
    expect(sent()).toEqual([
      [2.21, 1248, TCP_PSH],
      [2.21, 200, TCP_PSH],
    ]);
  });
});
