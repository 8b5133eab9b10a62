import { describe, expect, test } from 'vitest';
import {
  addAddress,
  addRoute,
  addRule,
  filterTable,
  forgetPaths,
  type Host,
  injectPacket,
  interfaceCounters,
  packetRule,
  type PacketRule,
  readTap,
  removeAddress,
  setInterfaceConf,
  startTap,
  stopTap,
  turnToPackets,
} from './index.ts';
import { setInterfaceMtu } from './mtu.ts';
import { learnGateway } from './route-exceptions.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from './testing/lab.ts';

/** A client sends a segment a millisecond through a router to a server that has no such connection. */
function underway(): {
  lab: Lab;
  client: Host;
  router: Host;
  send: (packets: number, payload?: number) => void;
} {
  const lab = createLab();
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  const wires = { delayNs: 10_000, bandwidthBitsPerSecond: 1e9 };
  const [left, right] = [
    segment(lab, 'left', '10.0.1.0/24', wires),
    segment(lab, 'right', '10.0.2.0/24', wires),
  ];
  const client = host(lab, 'client', 'client', [[left, '10.0.1.2/24']], '10.0.1.1');
  const router = host(lab, 'router', 'router', [
    [left, '10.0.1.1/24'],
    [right, '10.0.2.1/24'],
  ]);
  host(lab, 'server', 'realserver', [[right, '10.0.2.2/24']], '10.0.2.1');
  const hooks = hooksOf();
  let sent = 0;
  const send = (packets: number, payload = 0): void => {
    for (const to = sent + packets; sent < to; ) {
      const from = { source: ip('10.0.1.2'), sourcePort: 4000 };
      injectPacket(lab, hooks, client, {
        ...from,
        destination: ip('10.0.2.2'),
        destinationPort: 80,
        flags: 16,
        payload,
      });
      runUntil(lab, hooks, ++sent / 1000);
    }
  };
  send(20);
  lab.log.length = 0;
  return { lab, client, router, send };
}

const rule = (target: PacketRule['target']): PacketRule => packetRule(target, {});

test('a rule that is set while packets flow decides about the next one', () => {
  const { lab, router, send } = underway();
  const drop = rule({ kind: 'drop' });
  addRule(lab.net, router, 'filter', 'FORWARD', drop);
  send(5);
  // the client's, and none of the resets that would answer them
  expect(drop.packets).toBe(5);
  expect(lab.log.filter((line) => line.includes('router drops filter-forward'))).toHaveLength(5);
});

test('a chain counts from when somebody asks for its table', () => {
  const { lab, router, send } = underway();
  const { FORWARD } = filterTable(lab.net, router);
  send(5);
  // each is answered by a reset
  expect(FORWARD.packets).toBe(10);
});

test('a mark is set from the next packet on', () => {
  const { lab, router, send } = underway();
  const mark = rule({ kind: 'mark', mark: 7 });
  addRule(lab.net, router, 'mangle', 'PREROUTING', mark);
  send(5);
  expect(mark.packets).toBe(10);
});

test('a tap sees what comes in between its start and its stop', () => {
  const { lab, router, send } = underway();
  const tap = startTap(lab.net, router, { device: 'eth0', direction: 'in' });
  send(5);
  stopTap(lab.net, tap);
  send(5);
  expect(readTap(tap)).toHaveLength(5);
});

test('rp_filter that is switched on looks at the next packet', () => {
  const { lab, client, router, send } = underway();
  const hooks = hooksOf();
  const forged = {
    source: ip('10.0.2.77'),
    sourcePort: 4000,
    destination: ip('10.0.2.2'),
    destinationPort: 80,
  };
  const forge = (): void => {
    injectPacket(lab, hooks, client, { ...forged, flags: 16 });
    send(1);
  };
  forge();
  const before = lab.log.filter((line) => line.includes('rp-filter')).length;
  setInterfaceConf(lab.net, router, 'eth0', 'rp_filter', 1);
  forge();
  expect([before, lab.log.filter((line) => line.includes('rp-filter')).length]).toEqual([0, 1]);
});

test('a frame that is too long for its receiver is dropped, once somebody can send such', () => {
  const { lab, client, send } = underway();
  setInterfaceMtu(lab, client, client.interfaces.find(({ name }) => name === 'eth0')!, 9000);
  send(3, 3000);
  expect(lab.log.filter((line) => line.includes('router drops frame-too-long'))).toHaveLength(3);
});

describe('where packets go is looked at again when it has changed', () => {
  const elsewhere = (lab: Lab): number => lab.log.filter((line) => line.includes('router drops')).length;

  test('an address that the router gets takes what it has passed on, and gives it back', () => {
    const { lab, router, send } = underway();
    const sent = () => interfaceCounters(lab.net, router.interfaces[2]!).sentPackets;
    const before = sent();
    addAddress(lab.net, router, 'lo', ip('10.0.2.2'), 32);
    send(5);
    expect(sent()).toBe(before);
    removeAddress(lab.net, router, 'lo', ip('10.0.2.2'), 32);
    send(5);
    expect(sent()).toBe(before + 5);
  });

  test("an address that is the router's own is believed of nobody else", () => {
    const { lab, router, send } = underway();
    addAddress(lab.net, router, 'lo', ip('10.0.1.2'), 32);
    send(5);
    expect(lab.log.filter((line) => line.includes('router drops martian-source'))).toHaveLength(5);
  });

  test('a route', () => {
    const { lab, router, send } = underway();
    addRoute(lab.net, router, { network: ip('10.0.2.2'), prefixLength: 32, type: 'blackhole' });
    send(5);
    expect(elsewhere(lab)).toBe(5);
  });

  test('ip_forward', () => {
    const { lab, router, send } = underway();
    router.sysctl.ip_forward = 0;
    forgetPaths(lab.net);
    send(5);
    expect(elsewhere(lab)).toBe(5);
  });

  test('what a redirect has taught', () => {
    const { lab, client, router, send } = underway();
    const answers = () => interfaceCounters(lab.net, client.interfaces[1]!).receivedPackets;
    const before = answers();
    send(5);
    learnGateway(lab, router, ip('10.0.2.2'), ip('10.0.2.9'));
    // nobody has 10.0.2.9: they wait for its MAC
    send(5);
    expect(answers()).toBe(before + 5);
  });
});
