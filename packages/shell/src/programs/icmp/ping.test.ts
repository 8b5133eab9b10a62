import { act, advance, checkpoint, openTerminal, readTerminal } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { expect, test } from 'vitest';
import { programs } from '../../programs.ts';
import { smallWorld } from '../../testing/small-world.ts';
import { quietWorld, typed } from '../../testing/timed.ts';

const without = (text: string): string =>
  text.replace(/time=[\d.]+/g, 'time=?').replace(/[\d.]+(\/[\d.]+)+ ms/, '? ms');

test('requests go out a second apart, and statistics follow the last answer', () => {
  expect(without(typed('ping -c 2 192.168.0.11', 'client', 2))).toBe(
    `PING 192.168.0.11 (192.168.0.11) 56(84) bytes of data.
64 bytes from 192.168.0.11: icmp_seq=1 ttl=63 time=? ms
64 bytes from 192.168.0.11: icmp_seq=2 ttl=63 time=? ms

--- 192.168.0.11 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = ? ms
[0]`,
  );
});

test('an address on the segment that nobody has is unreachable after three unanswered questions', () => {
  expect(typed('ping -c 1 192.168.0.77', 'director1', 5)).toBe(
    `PING 192.168.0.77 (192.168.0.77) 56(84) bytes of data.
From 192.168.0.1 icmp_seq=1 Destination Host Unreachable

--- 192.168.0.77 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms

[1]`,
  );
});

test('a too small TTL and a too large packet are answered by who noticed', () => {
  expect(typed('ping -c 1 -t 1 192.168.0.11', 'client', 2)).toMatch(
    /\nFrom 10\.254\.0\.2 icmp_seq=1 Time to live exceeded\n/,
  );
  expect(typed('ping -c 1 -M do -s 1473 192.168.0.11', 'client', 1)).toMatch(
    /\nping: local error: message too long, mtu=1500\n/,
  );
});

test('what cannot be is said in the words of iputils', () => {
  const world = quietWorld();
  const says = (line: string): string => typed(line, 'client', 0, world);
  expect(says('ping')).toBe('ping: usage error: Destination address required\n[1]');
  expect(says('ping -c 0 10.0.0.1')).toBe(
    "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n[1]",
  );
  expect(says('ping rs1')).toBe('ping: rs1: Temporary failure in name resolution\n[2]');
  expect(says('ip route del default; ping -c 1 172.31.0.1')).toBe(
    'ping: connect: Network is unreachable\n[2]',
  );
  const refused = (type: string): string =>
    says(`ip route add ${type} 10.7.0.1; ping -c 1 10.7.0.1; ip route del 10.7.0.1`);
  expect(refused('unreachable')).toBe('ping: connect: No route to host\n[0]');
  expect(refused('blackhole')).toBe('ping: connect: Invalid argument\n[0]');
  expect(refused('prohibit')).toMatch(/^ping: Do you want to ping broadcast\?/);
  expect(says('ping -I 10.7.7.7 10.254.0.2')).toBe('ping: bind: Cannot assign requested address\n[2]');
  expect(says('ping -I eth7 10.254.0.2')).toBe('ping: SO_BINDTODEVICE eth7: No such device\n[2]');
});

test('a world copied in the middle of ping -c 5 runs on identically', () => {
  const world = quietWorld();
  const terminal = openTerminal(world, 'client');
  act(world, programs, { kind: 'type', terminal, line: 'ping -c 5 192.168.0.11 | grep icmp; echo over' });
  advance(world, programs, 2.5e9 as SimTime);
  const copy = checkpoint(structuredClone(world));
  for (const one of [world, copy]) advance(one, programs, 9e9 as SimTime);
  expect(readTerminal(copy, terminal)).toEqual(readTerminal(world, terminal));
  expect(readTerminal(world, terminal)?.text).toMatch(/icmp_seq=5 .*\nover\nroot@client:~# $/);
  expect(copy.sim.eventsFired).toBe(world.sim.eventsFired);
});

test('Ctrl-C ends it with what it has so far, and the line goes on', () => {
  const world = quietWorld();
  const terminal = openTerminal(world, 'client');
  act(world, programs, { kind: 'type', terminal, line: 'ping 192.168.0.11; echo $?' });
  advance(world, programs, 1.5e9 as SimTime);
  act(world, programs, { kind: 'interrupt', terminal });
  const text = readTerminal(world, terminal)?.text;
  expect(text).toMatch(/\^C\n--- 192\.168\.0\.11 ping statistics ---\n2 packets transmitted, 2 received, /);
  expect(text).toMatch(/\nrtt .*\n0\nroot@client:~# $/);
});

test('at connection level it asks and is answered too', () => {
  const world = smallWorld('connection', programs);
  expect(typed('ping -c 1 -q 192.168.0.11', 'client', 1, world)).toMatch(/1 received, 0% packet loss/);
});
