import { act, advance, openTerminal, readTerminal } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { programs } from '../../programs.ts';
import { smallWorld } from '../../testing/small-world.ts';
import { quietWorld, typed } from '../../testing/timed.ts';
import { parseFilter } from './filter.ts';

/** What a capture on director1 shows while another host does something. */
function captured(options: string, host: string, line: string): string[] {
  const world = quietWorld();
  const terminal = openTerminal(world, 'director1');
  act(world, programs, { kind: 'type', terminal, line: `tcpdump -nn ${options}` });
  typed(line, host, 3, world);
  act(world, programs, { kind: 'interrupt', terminal });
  const text = readTerminal(world, terminal)?.text ?? '';
  return text
    .replace(/\d\d:\d\d:\d\d\.\d{6}/g, 'TIME')
    .split('\n')
    .slice(1, -1);
}

test('ARP and an echo are printed as tcpdump -nn has them', () => {
  expect(captured('-i eth0', 'rs1', 'ping -c 1 192.168.0.1')).toEqual([
    'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode',
    'listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes',
    'TIME ARP, Request who-has 192.168.0.1 tell 192.168.0.11, length 28',
    expect.stringMatching(/^TIME ARP, Reply 192\.168\.0\.1 is-at [0-9a-f:]{17}, length 28$/),
    expect.stringMatching(
      /^TIME IP 192\.168\.0\.11 > 192\.168\.0\.1: ICMP echo request, id \d+, seq 1, length 64$/,
    ),
    expect.stringMatching(
      /^TIME IP 192\.168\.0\.1 > 192\.168\.0\.11: ICMP echo reply, id \d+, seq 1, length 64$/,
    ),
    '^C',
    '4 packets captured',
    '4 packets received by filter',
    '0 packets dropped by kernel',
  ]);
});

test('-e shows who sends to whom, -c ends it, -v the IP header', () => {
  const [, , first] = captured('-e -c 1 -i eth0 arp', 'rs1', 'ping -c 1 192.168.0.1');
  expect(first).toMatch(
    /^TIME \S{17} > ff:ff:ff:ff:ff:ff, ethertype ARP \(0x0806\), length 42: Request who-has 192\.168/,
  );
  const verbose = captured('-v -i eth0 icmp and src rs', 'rs1', 'ping -c 1 192.168.0.1');
  expect(verbose[0]).toBe("tcpdump: unknown host 'rs'");
  const [, head, body] = captured('-v -c 1 -i eth0 icmp', 'rs1', 'ping -c 1 192.168.0.1');
  expect(head).toMatch(
    /^TIME IP \(tos 0x0, ttl 64, id \d+, offset 0, flags \[DF\], proto ICMP \(1\), length 84\)$/,
  );
  expect(body).toMatch(/^ {4}192\.168\.0\.11 > 192\.168\.0\.1: ICMP echo request/);
});

test('it streams through a filter while it runs', () => {
  const world = quietWorld();
  const terminal = openTerminal(world, 'director1');
  act(world, programs, { kind: 'type', terminal, line: 'tcpdump -l -nn -i eth0 2>/dev/null | grep Request' });
  typed('arping -c 2 -b -I eth0 192.168.0.1', 'rs1', 1.5, world);
  expect(readTerminal(world, terminal)?.text.match(/Request who-has/g)).toHaveLength(2);
});

test('a filter picks what pcap-filter(7) says it does', () => {
  const shown = (filter: string): number => {
    const line = 'arping -f -I eth0 192.168.0.1; ping -c 1 192.168.0.1; ping -c 1 10.254.0.1';
    return captured(`-q -i eth0 ${filter}`, 'rs1', line).filter((text) => text.startsWith('TIME')).length;
  };
  const all = shown('');
  expect(shown('arp') + shown('not arp')).toBe(all);
  expect(shown('icmp')).toBe(2);
  expect(shown("'icmp[icmptype] == icmp-echo'")).toBe(1);
  expect(shown('host 192.168.0.1 and icmp')).toBe(2);
  expect(shown("'arp and (src host 192.168.0.11 or src host 192.168.0.1)'")).toBe(shown('arp'));
  expect(shown('ether broadcast')).toBeGreaterThan(0);
  expect(shown('tcp')).toBe(0);
});

test('TCP shows flags, relative numbers and options', () => {
  const world = smallWorld('packet', programs);
  typed("tcpdump -nn -S -c 1 -i eth0 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn'", 'router', 0, world);
  advance(world, programs, 1e9 as SimTime);
  expect(world.commands.at(-1)?.out).toMatch(
    /Flags \[S\], seq \d+, win 64240, options \[mss 1460,sackOK,TS val \d+ ecr 0,nop,wscale 7\], length 0\n$/,
  );
});

test('what cannot be is said in the words of tcpdump', () => {
  const world = quietWorld();
  const says = (line: string): string => typed(line, 'rs1', 0, world);
  expect(says('tcpdump -i eth9')).toBe('tcpdump: eth9: No such device exists\n(No such device exists)\n[1]');
  expect(says('tcpdump -i eth0 foo bar')).toBe("tcpdump: can't parse filter expression: syntax error\n[1]");
  expect(says('tcpdump -i eth0 port x')).toBe("tcpdump: unknown port 'x'\n[1]");
  expect(says('tcpdump host 10.0.0.300')).toBe("tcpdump: invalid IPv4 address '10.0.0.300'\n[1]");
});

test('at connection level it says what cannot be seen, and shows packets', () => {
  const world = smallWorld('connection', programs);
  const text = typed('tcpdump -c 1 -nn icmp & ping -c 1 192.168.0.1', 'rs1', 1, world);
  expect(text).toMatch(/this world runs without frames/);
  expect(text).toMatch(/IP 192\.168\.0\.11 > 192\.168\.0\.1: ICMP echo request/);
});

test('no expression whatever makes the filter throw', () => {
  const words = fc.constantFrom(
    ...'host net port src dst or and not ( ) arp ip tcp tcp[ tcpflags ] & == 10.0.0.1 80 10/8 ! proto'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }), (given) => {
      expect(typeof parseFilter(given.join(' ')).ok).toBe('boolean');
    }),
  );
});
