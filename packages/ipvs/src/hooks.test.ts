import { ipv4, PROTO_SCTP } from '@lvscope/inet';
import { expect, test } from 'vitest';
import { liveTotals } from './account.ts';
import {
  CAUSE_BYPASS,
  CAUSE_NO_SERVER,
  CAUSE_NOT_ELIGIBLE,
  FORWARD_BYPASS,
  FORWARD_ROUTE,
  VERDICT_ACCEPT,
  VERDICT_DROP,
  VERDICT_FORWARD,
  VERDICT_TRANSLATE,
  VERDICT_UNREACHABLE,
} from './packet.ts';
import { addDestination } from './destinations.ts';
import { connectionRows } from './listing.ts';
import { addService } from './services.ts';
import { forwardHook, localIn } from './hooks.ts';
import { icmpIn } from './icmp.ts';
import { setLocalAddresses, startSyncDaemon } from './settings.ts';
import { chosen, client, counters, director, server, service, state, wait } from './testing/director.ts';
import { command, endpoint, listed, packetOf } from './testing/trace-world.ts';

const FROM = '10.9.0.1:1000';

test('only SYN creates a TCP connection; RST never, and others with sloppy_tcp', () => {
  const d = director(...service('-s rr', '-g'));
  for (const letters of ['A', 'FA', 'PA', 'R', 'RA']) expect(client(d, FROM, letters)).toBe(VERDICT_ACCEPT);
  expect(d.ipvs.verdict.cause).toBe(CAUSE_NOT_ELIGIBLE);
  command(d, 'sysctl net.ipv4.vs.sloppy_tcp=1');
  expect(client(d, FROM, 'R')).toBe(VERDICT_ACCEPT);
  expect(client(d, FROM, 'A')).toBe(VERDICT_FORWARD);
  expect(state(d, FROM)).toBe('ESTABLISHED 900');
});

test('nobody can take it: port unreachable, and nothing is counted', () => {
  const d = director(...service('-s wlc', '-g -w 0'));
  expect(client(d, FROM, 'S')).toBe(VERDICT_UNREACHABLE);
  expect(d.ipvs.verdict.cause).toBe(CAUSE_NO_SERVER);
  expect(liveTotals(d.ipvs).inPackets).toBe(0);
});

test('a NAT server’s reply is given the virtual address, in FORWARD and in LOCAL_IN', () => {
  const d = director(...service('-s rr', '-m'));
  client(d, FROM, 'S');
  expect(server(d, '10.0.1.1:80', FROM, 'SA')).toBe(VERDICT_TRANSLATE);
  expect(d.ipvs.verdict).toMatchObject({ address: 0x0a000064, port: 80 });
  expect(localIn(d.ipvs, d.sim, packetOf(endpoint('10.0.1.1:80'), endpoint(FROM), 'A'))).toBe(
    VERDICT_TRANSLATE,
  );
  expect(liveTotals(d.ipvs).outPackets).toBe(2);
});

test('a packet that no connection knows passes FORWARD, or is refused to a server with nat_icmp_send', () => {
  const d = director(...service('-s rr', '-m'));
  expect(server(d, '10.0.1.1:80', FROM, 'SA')).toBe(VERDICT_ACCEPT);
  command(d, 'sysctl net.ipv4.vs.nat_icmp_send=1');
  expect(server(d, '10.0.1.1:80', FROM, 'SA')).toBe(VERDICT_UNREACHABLE);
  expect(server(d, '10.0.1.1:80', FROM, 'RA')).toBe(VERDICT_ACCEPT);
});

test('one-packet scheduling leaves no row; conns count each datagram', () => {
  const d = director(
    '-A -u 10.0.0.100:53 -s rr -o',
    '-a -u 10.0.0.100:53 -r 10.0.1.1:53 -g',
    '-a -u 10.0.0.100:53 -r 10.0.1.2:53 -g',
  );
  const to = '10.0.0.100:53';
  const seen = [1, 2, 3].map(() => (client(d, FROM, 'udp', to), chosen(d)));
  expect(seen).toEqual(['10.0.1.2', '10.0.1.1', '10.0.1.2']);
  expect(listed(d)).toEqual([]);
  expect(counters(d)).toBe('1/0/0/0 1/0/0/0');
  expect(liveTotals(d.ipvs).conns).toBe(3);
});

test('UDP is one state, inactive, renewed by both directions', () => {
  const d = director('-A -u 10.0.0.100:53 -s rr', '-a -u 10.0.0.100:53 -r 10.0.1.1:53 -m');
  client(d, FROM, 'udp', '10.0.0.100:53');
  expect(state(d, FROM)).toBe('UDP 300');
  expect(counters(d)).toBe('1/0/1/0');
  wait(d, 100);
  server(d, '10.0.1.1:53', FROM, 'udp');
  expect(state(d, FROM)).toBe('UDP 300');
});

test('SCTP: INIT schedules, ABORT never; established is the only active state', () => {
  const d = director();
  const { ipvs, sim } = d;
  const key = {
    kind: 'address',
    protocol: PROTO_SCTP,
    address: endpoint('10.0.0.100:9').address,
    port: 9,
  } as const;
  const settings = { scheduler: 'rr', schedulerFlags: 0, persistenceSeconds: 0, netmask: ipv4(0xffffffff) };
  const rest = { prefixLength: 128, persistenceEngine: undefined, onePacket: false };
  addService(ipvs, sim, { key, ...settings, ...rest });
  const weights = { weight: 1, upperThreshold: 0, lowerThreshold: 0 };
  addDestination(ipvs, sim, key, endpoint('10.0.1.1:9'), {
    method: FORWARD_ROUTE,
    tunnel: undefined,
    ...weights,
  });
  const packet = { ...packetOf(endpoint(FROM), endpoint('10.0.0.100:9'), ''), protocol: PROTO_SCTP };
  const seen: string[] = [];
  for (const chunk of [6, 1, 10, 0, 7]) {
    localIn(ipvs, sim, { ...packet, chunk });
    const row = connectionRows(ipvs, sim)[0];
    seen.push(`${row?.state ?? 'none'} ${counters(d)}`);
  }
  expect(seen).toEqual([
    'none 1/0/0/0',
    'INIT1 1/0/1/0',
    'ESTABLISHED 1/1/0/0',
    'ESTABLISHED 1/1/0/0',
    'S-RECEIVED 1/0/1/0',
  ]);
});

test('cache_bypass sends what no server can take to its own destination, for marked packets', () => {
  const d = director('-A -f 7 -s rr', 'sysctl net.ipv4.vs.cache_bypass=1');
  d.marks.push({ address: endpoint('203.0.113.5').address, port: 80, mark: 7 });
  expect(client(d, FROM, 'S', '203.0.113.5:80')).toBe(VERDICT_FORWARD);
  expect(d.ipvs.verdict).toMatchObject({ cause: CAUSE_BYPASS, method: FORWARD_BYPASS, address: 0xcb007105 });
  setLocalAddresses(d.ipvs, [endpoint('203.0.113.5').address]);
  expect(client(d, '10.9.0.2:1', 'S', '203.0.113.5:80')).toBe(VERDICT_UNREACHABLE);
});

test('FTP: other ports of its address are let pass, and port 20 is never scheduled', () => {
  const d = director('-A -t 10.0.0.100:21 -s rr', '-a -t 10.0.0.100:21 -r 10.0.1.1:21 -m');
  expect(client(d, FROM, 'S', '10.0.0.100:2000')).toBe(VERDICT_ACCEPT);
  expect(client(d, '10.9.0.1:20', 'S', '10.0.0.100:21')).toBe(VERDICT_ACCEPT);
  expect(client(d, FROM, 'S', '10.0.0.100:21')).toBe(VERDICT_FORWARD);
});

test('backup_only ignores requests while the backup daemon runs', () => {
  const d = director(...service('-s rr', '-g'), 'sysctl net.ipv4.vs.backup_only=1');
  expect(client(d, FROM, 'S')).toBe(VERDICT_FORWARD);
  startSyncDaemon(d.ipvs, d.sim, 'backup', 'eth0', 0);
  expect(client(d, FROM, 'A')).toBe(VERDICT_ACCEPT);
});

test('an ICMP error about a reply goes to the connection’s server and is counted; the timer stays', () => {
  const d = director(...service('-s rr', '-g'));
  client(d, FROM, 'S A');
  wait(d, 10);
  const quoted = packetOf(endpoint('10.0.0.100:80'), endpoint(FROM), 'A');
  expect(icmpIn(d.ipvs, d.sim, quoted, 'in')).toBe(VERDICT_FORWARD);
  expect(liveTotals(d.ipvs).inPackets).toBe(3);
  expect(state(d, FROM)).toBe('ESTABLISHED 890');
  const request = packetOf(endpoint(FROM), endpoint('10.0.0.100:80'), 'A');
  expect(icmpIn(d.ipvs, d.sim, request, 'tunnel')).toBe(VERDICT_ACCEPT);
  expect(chosen(d)).toBe('10.0.1.1');
});

test('an ICMP error about an unknown flow is scheduled only with schedule_icmp', () => {
  const d = director(...service('-s rr', '-g'));
  const quoted = packetOf(endpoint('10.0.0.100:80'), endpoint(FROM), 'A');
  expect(icmpIn(d.ipvs, d.sim, quoted, 'in')).toBe(VERDICT_ACCEPT);
  command(d, 'sysctl net.ipv4.vs.schedule_icmp=1');
  expect(icmpIn(d.ipvs, d.sim, quoted, 'in')).toBe(VERDICT_FORWARD);
  expect(state(d, FROM)).toBe('NONE 3');
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w 0');
  const other = packetOf(endpoint('10.0.0.100:80'), endpoint('10.9.0.2:1'), 'A');
  expect(icmpIn(d.ipvs, d.sim, other, 'in')).toBe(VERDICT_DROP);
});

test('an ICMP error from a NAT server is rewritten to the virtual address', () => {
  const d = director(...service('-s rr', '-m'));
  client(d, FROM, 'S');
  const request = packetOf(endpoint(FROM), endpoint('10.0.1.1:80'), 'S');
  expect(icmpIn(d.ipvs, d.sim, request, 'out')).toBe(VERDICT_TRANSLATE);
});

test('drop_packet 3 drops every am_droprate-th packet that would be scheduled, and no other', () => {
  const d = director(...service('-s rr', '-g'), 'sysctl net.ipv4.vs.drop_packet=3');
  const codes = Array.from({ length: 40 }, (_, i) => client(d, `10.9.1.${i}:1`, 'S'));
  expect(codes.filter((code) => code === VERDICT_DROP)).toHaveLength(4);
  expect(client(d, '10.9.1.1:1', 'A')).toBe(VERDICT_FORWARD);
});

test('drop_entry 3 removes half-open connections in the end, and leaves fresh established ones', () => {
  const d = director(...service('-s rr', '-g'), 'sysctl net.ipv4.vs.drop_entry=3');
  for (let i = 0; i < 50; i++) client(d, `10.9.1.${i}:1`, 'S');
  for (let i = 0; i < 50; i++) client(d, `10.9.2.${i}:1`, 'S A');
  wait(d, 30);
  const rows = listed(d);
  expect(rows.filter((r) => r.state === 'SYN_RECV').length).toBeLessThan(40);
  expect(rows.filter((r) => r.state === 'ESTABLISHED')).toHaveLength(50);
});

test('without services no hook looks at anything', () => {
  const d = director();
  expect(client(d, FROM, 'S')).toBe(VERDICT_ACCEPT);
  expect(forwardHook(d.ipvs, d.sim, packetOf(endpoint(FROM), endpoint('10.0.0.1:1'), 'S'))).toBe(
    VERDICT_ACCEPT,
  );
});
