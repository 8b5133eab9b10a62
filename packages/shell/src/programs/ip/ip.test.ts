import { expect, test } from 'vitest';
import { programs } from '../../programs.ts';
import { smallWorld } from '../../testing/small-world.ts';
import { quietWorld, typed } from '../../testing/timed.ts';

const on = (host: string) => {
  const world = quietWorld();
  return (line: string, seconds = 0): string => typed(line, host, seconds, world).replace(/\[0\]$/, '');
};

test('addresses stand under their link, briefly with -br, alone with -4', () => {
  const says = on('rs1');
  const mac = /ether (\S+)/.exec(says('ip link show eth0'))?.[1];
  const link = '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP';
  const inet = '    inet 192.168.0.11/24 scope global eth0\n       valid_lft forever preferred_lft forever\n';
  const hardware = `    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n`;
  expect(says('ip addr show eth0')).toBe(`${link} group default qlen 1000\n${hardware}${inet}`);
  expect(says('ip -4 a s dev eth0')).toBe(`${link} group default qlen 1000\n${inet}`);
  expect(says('ip link show eth0')).toBe(`${link} mode DEFAULT group default qlen 1000\n${hardware}`);
  expect(says('ip -br addr')).toMatch(
    /^lo {15}UNKNOWN {8}127\.0\.0\.1\/8 \neth0 {13}UP {13}192\.168\.0\.11\/24 \n/,
  );
});

test('a second address of the same network is secondary, and flushing takes them all', () => {
  const says = on('rs1');
  says('ip addr add 192.168.0.12/24 dev eth0');
  expect(says('ip addr show eth0')).toMatch(/inet 192\.168\.0\.12\/24 scope global secondary eth0\n/);
  says('ip addr flush dev eth0');
  expect(says('ip -4 addr show dev eth0')).toBe('');
  expect(says('ip -s addr flush dev eth0')).toBe('Nothing to flush.\n');
});

test('-s shows the counters in columns', () => {
  expect(on('rs1')('ip -s link show eth0')).toMatch(
    /\n {4}RX: {2}bytes packets errors dropped {2}missed {3}mcast {11}\n {8} +\d+ +\d+ +0 +0 +0 +0 \n/,
  );
});

test('neighbours are added, changed, shown and flushed', () => {
  const says = on('rs1');
  const at = '192.168.0.50 lladdr 02:00:00:00:00:50 dev eth0';
  expect(says(`ip neigh add ${at}`)).toBe('');
  expect(says(`ip neigh add ${at}`)).toBe('RTNETLINK answers: File exists\n[2]');
  expect(says('ip neigh show 192.168.0.50')).toBe(
    '192.168.0.50 dev eth0 lladdr 02:00:00:00:00:50 PERMANENT \n',
  );
  expect(says(`ip neigh change ${at} nud stale; ip neigh show dev eth0 nud stale`)).toBe(
    '192.168.0.50 lladdr 02:00:00:00:00:50 STALE \n',
  );
  expect(says('ip -s neigh show dev eth0')).toMatch(/lladdr 02:\S+ {2}used \d+\/\d+\/\d+probes 0 STALE \n/);
  says('ip neigh flush dev eth0');
  expect(says('ip neigh')).toBe('');
  expect(says('ip neigh del 192.168.0.50 dev eth0')).toBe(
    'RTNETLINK answers: No such file or directory\n[2]',
  );
  expect(says('ip neigh flush')).toBe('Flush requires arguments.\n[1]');
});

test('routes are listed by table, replaced and asked for', () => {
  const says = on('rs1');
  expect(says('ip route')).toBe(
    'default via 192.168.0.254 dev eth0 \n' +
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.11 \n',
  );
  expect(says('ip route show table local')).toMatch(
    /^local 192\.168\.0\.11 dev eth0 proto kernel scope host src 192\.168\.0\.11 $/m,
  );
  says('ip route replace default via 192.168.0.1');
  expect(says('ip route get 8.8.8.8')).toBe(
    '8.8.8.8 via 192.168.0.1 dev eth0 src 192.168.0.11 uid 0 \n    cache \n',
  );
  expect(says('ip route change 10.77.0.0/16 via 192.168.0.1')).toBe(
    'RTNETLINK answers: No such file or directory\n[2]',
  );
  expect(says('ip route flush dev eth0; ip route get 8.8.8.8')).toBe(
    'RTNETLINK answers: Network is unreachable\n[2]',
  );
});

test('arp off is a flag of the link', () => {
  const says = on('rs1');
  expect(says('ip link set eth0 arp off; ip link show eth0')).toMatch(
    /<BROADCAST,MULTICAST,NOARP,UP,LOWER_UP>/,
  );
});

test('without frames there are no neighbours to change, and it says so', () => {
  const world = smallWorld('connection', programs);
  const line = 'ip neigh add 192.168.0.50 lladdr 02:00:00:00:00:50 dev eth0';
  expect(typed(line, 'rs1', 0, world)).toMatch(/^ip: this world runs without frames .*\[1\]$/s);
});

test('the rules are those of a host without policy routing', () => {
  expect(on('rs1')('ip rule')).toBe(
    '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  );
  expect(on('rs1')('ip tunnel')).toBe('tunl0: any/ip remote any local any ttl inherit nopmtudisc\n');
});

// the answers are those of iproute2 on a 6.1 kernel
test('an interface has its own MTU, within what its device allows', () => {
  const says = on('rs1');
  expect(says('ip link set dev eth0 mtu 1400; ip link show dev eth0')).toContain(' mtu 1400 ');
  expect(says('ip link set dev eth0 mtu 67')).toBe('Error: mtu less than device minimum.\n[2]');
  expect(says('ip link set dev eth0 mtu 65536')).toBe('Error: mtu greater than device maximum.\n[2]');
  expect(says('ip link set dev lo mtu 67; ip link show dev lo')).toContain(' mtu 67 ');
  expect(says('ifconfig eth0 mtu 1300; ifconfig eth0')).toContain('mtu 1300\n');
  expect(says('ifconfig eth0 mtu 10')).toBe('SIOCSIFMTU: Invalid argument\n[1]');
});

test('a dummy comes and goes, with its addresses and routes; what cannot go says so or stays', () => {
  const says = on('rs1');
  expect(says('ip link add dummy0 type dummy; ip link add dummy0 type dummy')).toBe(
    'RTNETLINK answers: File exists\n[2]',
  );
  says('ip addr add 10.77.0.1/32 dev dummy0; ip link set dummy0 up; ip route add 10.78.0.0/16 dev dummy0');
  expect(says('ip route get 10.77.0.1')).toMatch(/^local 10\.77\.0\.1 dev lo /);
  expect(says('ip route show')).toContain('10.78.0.0/16 dev dummy0');
  expect(says('ip link del dummy0; ip route show')).not.toContain('dummy0');
  expect(says('ip route get 10.77.0.1')).toContain('via 192.168.0.254');
  expect(says('ip link del dummy0')).toBe('Cannot find device "dummy0"\n[1]');
  // a number is not given twice
  expect(says('ip link add dummy1 type dummy; ip link show dummy1')).toMatch(/^5: dummy1: /);
  expect(says('ip link del lo')).toBe('RTNETLINK answers: Operation not supported\n[2]');
  expect(says('ip link del eth0')).toBe('RTNETLINK answers: Operation not supported\n[2]');
  expect(says('ip link del tunl0; ip link show tunl0')).toContain('tunl0@NONE');
  expect(says('ip link add tunl0 type ipip')).toBe('RTNETLINK answers: File exists\n[2]');
  expect(says('ip tunnel del eth0')).toBe('delete tunnel "eth0" failed: Operation not supported\n[1]');
  expect(says('ip link add foo type bar')).toBe('Error: Unknown device type.\n[2]');
});
