import { expect, test } from 'vitest';
import { timeouts } from '../settings.ts';
import { command } from '../testing/trace-world.ts';
import { KERNEL_PROFILES } from '../kernel-profile.ts';
import { client, counters, director, server, service, state } from '../testing/director.ts';
import { TCP_STATE_NAMES, TCP_STATES, TCP_TIMEOUTS, tcpTable } from './tcp.ts';

const FROM = '10.9.0.1:1000';
const dr = () => director(...service('-s rr', '-g'));
const nat = () => director(...service('-s rr', '-m'));

test.each([
  ['S', 'SYN_RECV 60', '1/1/0/0'],
  ['S A', 'ESTABLISHED 900', '1/1/0/0'],
  ['S A PA', 'ESTABLISHED 900', '1/1/0/0'],
  ['S A FA', 'FIN_WAIT 120', '1/0/1/0'],
  ['S A FA A', 'FIN_WAIT 120', '1/0/1/0'],
  ['S A R', 'CLOSE 10', '1/0/1/0'],
  ['S A FA R', 'CLOSE 10', '1/0/1/0'],
  ['S R', 'SYN_RECV 60', '1/1/0/0'],
  ['S FA', 'TIME_WAIT 120', '1/0/1/0'],
  ['SA', 'SYN_RECV 60', '1/1/0/0'],
  ['S A P', 'CLOSE 10', '1/0/1/0'],
])('direct routing: after the client sent %s the director believes %s', (segments, expected, counts) => {
  const d = dr();
  client(d, FROM, segments);
  expect(state(d, FROM)).toBe(expected);
  expect(counters(d)).toBe(counts);
});

test.each([
  ['client closes first', ['> S', '< SA', '> A', '> FA'], 'CLOSE_WAIT 60'],
  ['the server closes after that', ['> S', '< SA', '> A', '> FA', '< A', '< FA', '> A'], 'TIME_WAIT 120'],
  ['server closes first', ['> S', '< SA', '> A', '< FA'], 'FIN_WAIT 120'],
  ['the client closes after that', ['> S', '< SA', '> A', '< FA', '> FA'], 'TIME_WAIT 120'],
  ['server refuses', ['> S', '< RA'], 'CLOSE 10'],
  ['client resets the half-open one', ['> S', '< SA', '> R'], 'SYN_RECV 60'],
  ['server resets', ['> S', '< SA', '> A', '< R'], 'CLOSE 10'],
])('NAT: %s', (_name, segments, expected) => {
  const d = nat();
  for (const segment of segments) {
    const [direction, letters] = segment.split(' ');
    if (direction === '>') client(d, FROM, letters!);
    else server(d, '10.0.1.1:80', FROM, letters!);
  }
  expect(state(d, FROM)).toBe(expected);
});

test('a reply that the director sees ends the guessing about a DR connection for good', () => {
  const d = dr();
  client(d, FROM, 'S A');
  server(d, '10.0.0.100:80', FROM, 'PA');
  client(d, FROM, 'FA');
  expect(state(d, FROM)).toBe('CLOSE_WAIT 60');
});

test('before 3.11 a bare ACK without a state closed', () => {
  const row = (2 + 0) * TCP_STATES;
  expect(TCP_STATE_NAMES[tcpTable(KERNEL_PROFILES['2.6'], false)[row]!]).toBe('CLOSE');
  expect(TCP_STATE_NAMES[tcpTable(KERNEL_PROFILES['6.1'], false)[row]!]).toBe('ESTABLISHED');
});

test('the timeouts are the kernel’s', () => {
  const table = Object.fromEntries(TCP_STATE_NAMES.map((name, i) => [name, TCP_TIMEOUTS[i]]));
  expect(table).toEqual({
    NONE: 2,
    ESTABLISHED: 900,
    SYN_SENT: 120,
    SYN_RECV: 60,
    FIN_WAIT: 120,
    TIME_WAIT: 120,
    CLOSE: 10,
    CLOSE_WAIT: 60,
    LAST_ACK: 30,
    LISTEN: 120,
    SYNACK: 120,
  });
});

test('secure_tcp 3: a SYN leads to SYNACK, which is active; DR establishes on the ACK', () => {
  const d = director(...service('-s rr', '-g'), 'sysctl net.ipv4.vs.secure_tcp=3');
  client(d, FROM, 'S');
  expect(state(d, FROM)).toBe('SYNACK 120');
  expect(counters(d)).toBe('1/1/0/0');
  client(d, FROM, 'A');
  expect(state(d, FROM)).toBe('ESTABLISHED 900');
});

test('--set changes ESTABLISHED, FIN_WAIT and UDP, from the next packet on; 0 keeps', () => {
  const d = dr();
  client(d, FROM, 'S A');
  client(d, '10.9.0.2:1', 'S A FA');
  command(d, 'ipvsadm --set 20 0 0');
  expect(state(d, FROM)).toBe('ESTABLISHED 900');
  client(d, FROM, 'A');
  expect(state(d, FROM)).toBe('ESTABLISHED 20');
  command(d, 'ipvsadm --set 0 7 0');
  client(d, '10.9.0.2:1', 'A');
  expect(state(d, '10.9.0.2:1')).toBe('FIN_WAIT 7');
  expect(timeouts(d.ipvs)).toEqual({ tcp: 20, tcpFin: 7, udp: 300 });
});
