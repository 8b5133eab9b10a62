import { PROTO_UDP } from '@lvscope/inet';
import { expect, test } from 'vitest';
import {
  addAddress,
  addRule,
  packetRule,
  askByHand,
  deleteNeighbour,
  type FixedCache,
  gratuitousArp,
  type Host,
  injectPacket,
  joinGroup,
  listNeighbours,
  messageOf,
  type NetInterface,
  sendMessage,
  setFixedCache,
  setHostPower,
  shortenFixedCache,
  turnToPackets,
  udpOpen,
} from '../index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from '../testing/lab.ts';

const VIP = ip('10.0.0.100');
const ROUTER = ip('10.0.0.254');
const eth0 = (at: Host): NetInterface => at.interfaces.find(({ name }) => name === 'eth0')!;

/** A router of this cache knows the VIP at d1; then d1 is off and d2 has taken it. */
function takenOver(cache: FixedCache): { lab: Lab; router: Host; d2: Host } {
  const lab = createLab();
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000 });
  const router = host(lab, 'router', 'router', [[lan, '10.0.0.254/24']]);
  const d1 = host(lab, 'd1', 'director', [[lan, '10.0.0.1/24']]);
  const d2 = host(lab, 'd2', 'director', [[lan, '10.0.0.2/24']]);
  setFixedCache(lab.net, eth0(router), cache);
  addAddress(lab.net, d1, 'eth0', VIP, 32);
  knock(lab, router, 0.1);
  setHostPower(lab.net, d1, false);
  addAddress(lab.net, d2, 'eth0', VIP, 32);
  return { lab, router, d2 };
}

/** A packet from the router to the VIP, at a second. */
function knock(lab: Lab, router: Host, second: number): void {
  injectPacket(lab, hooksOf(), router, {
    protocol: PROTO_UDP,
    source: ROUTER,
    sourcePort: 1,
    destination: VIP,
    destinationPort: 9,
  });
  runUntil(lab, hooksOf(), second);
}

function believed(lab: Lab, router: Host): string {
  const mac = listNeighbours(lab, router).find(({ address }) => address === VIP)?.mac;
  const nic = lab.net.interfaces.find((one) => one.mac === mac && mac !== undefined);
  return nic === undefined ? 'nobody' : lab.net.hosts[nic.host]!.name;
}

test('an entry lasts its time, used or not, and then the router asks anew', () => {
  const { lab, router } = takenOver({ lifetimeSeconds: 300, learns: 'all' });
  for (let second = 10; second < 300; second += 10) knock(lab, router, second);
  expect(believed(lab, router)).toBe('d1');
  knock(lab, router, 301);
  knock(lab, router, 302);
  expect(believed(lab, router)).toBe('d2');
});

test('with a lifetime of 0 it lasts until somebody clears it', () => {
  const { lab, router } = takenOver({ lifetimeSeconds: 0, learns: 'all' });
  knock(lab, router, 100_000);
  expect(believed(lab, router)).toBe('d1');
  deleteNeighbour(lab, router, 'eth0', VIP);
  knock(lab, router, 100_001);
  expect(believed(lab, router)).toBe('d2');
});

test('a shorter lifetime counts from when an entry was learnt', () => {
  const { lab, router } = takenOver({ lifetimeSeconds: 14_400, learns: 'all' });
  runUntil(lab, hooksOf(), 50);
  shortenFixedCache(lab, eth0(router), 60);
  runUntil(lab, hooksOf(), 59);
  expect(believed(lab, router)).toBe('d1');
  runUntil(lab, hooksOf(), 61);
  expect(believed(lab, router)).toBe('nobody');
});

test('who learns from what: gratuitous ARP, a question to the router, or neither', () => {
  const said = (learns: FixedCache['learns'], speak: (lab: Lab, d2: Host) => void): string => {
    const { lab, router, d2 } = takenOver({ lifetimeSeconds: 0, learns });
    speak(lab, d2);
    runUntil(lab, hooksOf(), 1);
    return believed(lab, router);
  };
  const gratuitous = (lab: Lab, d2: Host): void => {
    gratuitousArp(lab, d2, eth0(d2), VIP);
  };
  const question = (lab: Lab, d2: Host): void => {
    askByHand(lab, d2, eth0(d2), ROUTER, VIP);
  };
  expect([said('all', gratuitous), said('all', question)]).toEqual(['d2', 'd2']);
  expect([said('no-gratuitous', gratuitous), said('no-gratuitous', question)]).toEqual(['d1', 'd2']);
  expect([said('nothing', gratuitous), said('nothing', question)]).toEqual(['d1', 'd1']);
});

const GROUP = ip('224.0.0.81');

/**
 * Three hosts on one wire; `b` has joined the group, `c` has not. What `a` says to the group, and who
 * hears it.
 */
function heardBy(detail: 'connection' | 'packet', rule = false): string[] {
  const lab = createLab();
  if (detail === 'packet') turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000 });
  const [a, b, c] = ['a', 'b', 'c'].map((name, i) =>
    host(lab, name, 'client', [[lan, `10.0.0.${i + 1}/24`]]),
  );
  joinGroup(eth0(b!), GROUP);
  if (rule) addRule(lab.net, b!, 'filter', 'INPUT', packetRule({ kind: 'drop' }, { protocol: PROTO_UDP }));
  for (const one of [b!, c!]) udpOpen(lab, one, { source: GROUP, sourcePort: 8848 });
  const heard: string[] = [];
  const hooks = hooksOf({
    datagram: (_, at, __, packet) => {
      heard.push(`${at.name} ${String(messageOf(lab.net, packet))}`);
    },
  });
  sendMessage(lab, hooks, a!, eth0(a!), {
    protocol: PROTO_UDP,
    source: ip('10.0.0.1'),
    sourcePort: 40_000,
    destination: GROUP,
    destinationPort: 8848,
    ttl: 1,
    bytes: Uint8Array.of(7, 8),
  });
  runUntil(lab, hooks, 1);
  expect(lab.net.packets.live).toBe(0);
  return heard;
}

test('a message to a group is heard by those who joined it, with all its bytes, at both levels', () => {
  expect(heardBy('packet')).toEqual(['b 7,8']);
  expect(heardBy('connection')).toEqual(['b 7,8']);
});

test('a firewall keeps messages to a group out as well', () => {
  expect(heardBy('packet', true)).toEqual([]);
  expect(heardBy('connection', true)).toEqual([]);
});
