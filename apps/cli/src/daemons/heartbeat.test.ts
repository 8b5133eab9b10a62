import { haView, type World } from '@lvscope/cluster';
import { expect, test, vi } from 'vitest';
import { announced, directors, logged, loggedAt, macOf, on, to, VIP } from '../testing/directors.ts';

vi.setConfig({ testTimeout: 60_000 });

const ADDRESS = `IPaddr::${VIP}/32/eth0`;

/** heartbeat on d1, whose the resources are, and d2. */
function heartbeat(
  resources: string,
  more = '',
  files: Readonly<Record<string, string>> = {},
  startsOn: readonly number[] = [1, 2],
): World {
  return directors({
    withRules: true,
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    setup: (n) => (startsOn.includes(n) ? ['systemctl start heartbeat'] : []),
    files: () => ({
      '/etc/ha.d/ha.cf': `keepalive 1\ndeadtime 6\nwarntime 3\ninitdead 8\nudpport 694\nbcast eth0
auto_failback on\nnode d1 d2\n${more}`,
      '/etc/ha.d/haresources': `d1 ${resources}\n`,
      ...files,
    }),
  });
}

const holders = (world: World): readonly string[] => haView(world).addresses[0]?.holders ?? [];
const DEAF = '-p udp --dport 694 -j DROP';

test('after deadtime without a heartbeat the other is dead, and its resources are taken over', () => {
  const world = heartbeat(ADDRESS);
  to(world, 12.5);
  expect(holders(world)).toEqual(['d1']);
  on(world, 'd1', 'poweroff');
  to(world, 17.9);
  expect(holders(world)).toEqual([]);
  to(world, 18.1);
  // the last heartbeat was at 12 s
  expect(holders(world)).toEqual(['d2']);
  expect(logged(world, 'd2', 'heartbeat', 17)).toEqual([
    'WARN: node d1: is dead',
    'info: Resources being acquired from d1.',
    `info: Running /etc/ha.d/resource.d/IPaddr ${VIP}/32/eth0 start`,
    'info: Status update: Node d1 now has status dead',
  ]);
});

test('a heartbeat later than warntime is warned of, with its interval, and nothing else happens', () => {
  const world = heartbeat(ADDRESS);
  to(world, 12.5);
  on(world, 'd2', `iptables -A INPUT ${DEAF}`);
  to(world, 16.5);
  expect(logged(world, 'd2', 'heartbeat', 12)).toEqual([]);
  on(world, 'd2', `iptables -D INPUT ${DEAF}`);
  to(world, 30);
  // heard at 12 and at 17 s
  expect(logged(world, 'd2', 'heartbeat', 12)).toEqual(['WARN: Late heartbeat: Node d1: interval 5000 ms']);
  expect(holders(world)).toEqual(['d1']);
});

test('one that pauses for less than warntime is not warned of', () => {
  const world = heartbeat(ADDRESS);
  to(world, 12.5);
  on(world, 'd2', `iptables -A INPUT ${DEAF}`);
  to(world, 14.5);
  on(world, 'd2', `iptables -D INPUT ${DEAF}`);
  to(world, 30);
  expect(loggedAt(world, 'd2', 'heartbeat', /Late/)).toEqual([]);
});

test('at the start the other is waited for initdead long', () => {
  const world = heartbeat(ADDRESS, '', {}, [2]);
  to(world, 7.9);
  expect(holders(world)).toEqual([]);
  to(world, 8.1);
  expect(holders(world)).toEqual(['d2']);
});

test('IPaddr announces nothing: the router keeps the MAC of the dead', () => {
  const world = heartbeat(ADDRESS);
  to(world, 12);
  on(world, 'router', `arping -f -I eth1 ${VIP}`);
  on(world, 'router', `ping -c 1 ${VIP}`);
  to(world, 13);
  const before = macOf(world, 'router');
  expect(before).toBeDefined();
  on(world, 'd1', 'poweroff');
  to(world, 60);
  expect([holders(world), announced(world, 'd2')]).toEqual([['d2'], []]);
  expect(macOf(world, 'router')).toBe(before);
});

test('IPaddr2 has send_arp: request and reply in turn, ten within a second; the router learns', () => {
  const world = heartbeat(`IPaddr2::${VIP}/32/eth0`);
  to(world, 12);
  on(world, 'router', `ping -c 1 ${VIP}`);
  to(world, 13);
  const before = macOf(world, 'router');
  on(world, 'd1', 'poweroff');
  to(world, 60);
  const said = announced(world, 'd2');
  expect(said).toHaveLength(10);
  for (let i = 1; i < said.length; i++) expect(said[i]! - said[i - 1]!).toBeCloseTo(0.1, 6);
  expect(announced(world, 'd2', 'request')).toHaveLength(5);
  expect(announced(world, 'd2', 'reply')).toHaveLength(5);
  expect(macOf(world, 'router')).toBeDefined();
  expect(macOf(world, 'router')).not.toBe(before);
});

test('a resource script of one’s own can announce, with its arguments as $1 and so on', () => {
  const world = heartbeat(`${ADDRESS} announce::${VIP}::3`, '', {
    '/etc/ha.d/resource.d/announce': '#!/bin/sh\narping -U -c $2 -I eth0 $1\n',
  });
  to(world, 12);
  on(world, 'd1', 'poweroff');
  to(world, 60);
  expect(announced(world, 'd2')).toHaveLength(3);
});

test('auto_failback gives resources back to their owner; without it they stay', () => {
  for (const [word, holder] of [
    ['on', 'd1'],
    ['off', 'd2'],
  ]) {
    const world = heartbeat(ADDRESS, `auto_failback ${word}\n`);
    to(world, 12);
    on(world, 'd1', 'poweroff');
    to(world, 30);
    on(world, 'd1', 'poweron');
    to(world, 60);
    expect(holders(world)).toEqual([holder]);
  }
});

test('a node that is stopped gives up its resources at once', () => {
  const world = heartbeat(ADDRESS);
  to(world, 12.5);
  on(world, 'd1', 'systemctl stop heartbeat');
  to(world, 12.6);
  expect(holders(world)).toEqual(['d2']);
});
