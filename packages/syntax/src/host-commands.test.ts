import { ipv4, PROTO_TCP } from '@lvscope/inet';
import type { Mac } from '@lvscope/inet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REJECT_WITH } from './iptables-rule.ts';
import type { FirewallRule, IpCommand, IptablesCommand, SysctlCommand } from './index.ts';
import {
  networkOf,
  parseIp,
  parseIptables,
  parseSysctl,
  placeWords,
  printIp,
  printIptables,
  printSysctl,
  sysctlName,
  sysctlPath,
  sysctlPathOfFile,
} from './index.ts';

const words = (text: string) => placeWords(text.split(' ').filter((word) => word !== ''));

function ip(text: string): string {
  const read = parseIp(words(text));
  return read.ok
    ? printIp(read.value)
    : `${read.problem.column}: ${read.problem.found} / ${read.rc} ${read.err.trimEnd()}`;
}

function iptables(text: string): string {
  const read = parseIptables(words(text));
  return read.ok ? printIptables(read.value) : `${read.problem.column}: ${read.problem.found}`;
}

test('ip takes the short names that operators type', () => {
  expect(ip('a')).toBe('addr show');
  expect(ip('-s -s n s dev eth0')).toBe('-s -s neigh show dev eth0');
  expect(ip('-br a')).toBe('-br addr show');
  expect(ip('a s lo')).toBe('addr show dev lo');
  expect(ip('r add default via 192.168.0.254')).toBe('route add default via 192.168.0.254');
  expect(ip('link set eth0 down')).toBe('link set dev eth0 down');
  expect(ip('-4 addr add 192.168.0.100/32 dev lo label lo:0')).toBe(
    '-4 addr add 192.168.0.100/32 dev lo label lo:0',
  );
  expect(ip('route add local 192.168.0.100 dev lo')).toBe('route add local 192.168.0.100 dev lo');
  expect(ip('route add 10/8 via 10.0.0.1 src 10.0.0.2')).toBe(
    'route add 10.0.0.0/8 via 10.0.0.1 src 10.0.0.2',
  );
});

test('ip names the word that is wrong and what belongs there', () => {
  expect(ip('maddr show')).toBe('1: maddr / 1 Object "maddr" is unknown, try "ip help".');
  expect(ip('addr foo')).toBe('6: foo / 255 Command "foo" is unknown, try "ip address help".');
  expect(ip('-z addr')).toBe('1: -z / 255 Option "-z" is unknown, try "ip -help".');
  expect(ip('addr add 192.168.0.300/24 dev lo')).toBe(
    '10: 192.168.0.300/24 / 1 Error: any valid prefix is expected rather than "192.168.0.300/24".',
  );
  expect(ip('addr add 192.168.0.1/24')).toBe(
    '24: the end of the line / 1 Not enough information: "dev" argument is required.',
  );
  expect(ip('link set eth0 fast')).toBe(
    '15: fast / 255 Error: either "dev" is duplicate, or "fast" is a garbage.',
  );
  expect(ip('neigh add 10.0.0.5 dev eth0 lladdr zz')).toBe('36: zz / 1 "zz" is invalid lladdr.');
});

test('the firewall commands of the recordings are read', () => {
  expect(
    iptables('-t mangle -A PREROUTING -d 192.168.0.100/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 1'),
  ).toBe(
    '-t mangle -A PREROUTING -d 192.168.0.100/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff',
  );
  expect(iptables('-A INPUT -p tcp --dport 80 -j DROP')).toBe(
    '-t filter -A INPUT -p tcp -m tcp --dport 80 -j DROP',
  );
  expect(iptables('-D INPUT 2')).toBe('-t filter -D INPUT 2');
  expect(iptables('-t nat -A PREROUTING -d 192.168.1.6 -p tcp --dport 80 -j REDIRECT --to-port 8080')).toBe(
    '-t nat -A PREROUTING -d 192.168.1.6/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080',
  );
  expect(iptables('-t mangle -F')).toBe('-t mangle -F');
  expect(iptables('-L -n')).toBe('-t filter -L -n');
  expect(iptables('-nvL FORWARD --line-numbers')).toBe('-t filter -L FORWARD -n -v --line-numbers');
  expect(iptables('-I FORWARD 2 -i eth0 -o eth1 -p tcp --sport 1024: -j ACCEPT')).toBe(
    '-t filter -I FORWARD 2 -i eth0 -o eth1 -p tcp -m tcp --sport 1024:65535 -j ACCEPT',
  );
  expect(iptables('-A INPUT -p tcp --dport 80 -j REJECT')).toBe(
    '-t filter -A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
  );
  expect(iptables('-A OUTPUT -p icmp --icmp-type echo-request -m comment --comment hi -j DROP')).toBe(
    '-t filter -A OUTPUT -p icmp -m icmp --icmp-type 8 -m comment --comment hi -j DROP',
  );
  expect(iptables('-P FORWARD DROP')).toBe('-t filter -P FORWARD DROP');
});

test('what is not simulated is refused at its word, not ignored', () => {
  expect(iptables('-t nat -A POSTROUTING -j MASQUERADE')).toBe('26: MASQUERADE');
  expect(iptables('-A INPUT -m state --state NEW -j ACCEPT')).toBe('13: state');
  expect(iptables('-t mangle -A OUTPUT -j MARK --set-mark 1')).toBe('14: OUTPUT');
  expect(iptables('-A INPUT -j LOG')).toBe('13: LOG');
  expect(iptables('-A INPUT')).toBe('9: the end of the line');
  expect(iptables('-A INPUT -p udp -j REJECT --reject-with tcp-reset')).toBe('50: the end of the line');
  expect(iptables('-A INPUT -o eth0 -j DROP')).toBe('25: the end of the line');
  expect(iptables('-A INPUT -s ! 1.2.3.4 -j DROP')).toBe('13: !');
  expect(iptables('-A INPUT ! ! -s 1.2.3.4 -j DROP')).toBe('12: !');
  expect(iptables('-A INPUT ! -j DROP')).toBe('12: -j');
  expect(iptables('-A INPUT ! -p tcp --dport 80 -j DROP')).toBe('37: the end of the line');
  expect(iptables('-P INPUT REJECT')).toBe('10: REJECT');
  expect(iptables('-D INPUT 0')).toBe('10: 0');
});

test('dots and slashes of a setting change places', () => {
  expect(sysctlPath('net.ipv4.conf.eth0/100.arp_ignore')).toBe('net/ipv4/conf/eth0.100/arp_ignore');
  expect(sysctlPath('net/ipv4/conf/eth0.100/arp_ignore')).toBe('net/ipv4/conf/eth0.100/arp_ignore');
  expect(sysctlName('net/ipv4/conf/eth0.100/arp_ignore')).toBe('net.ipv4.conf.eth0/100.arp_ignore');
  expect(sysctlPathOfFile('/proc/sys/net/ipv4/ip_forward')).toBe('net/ipv4/ip_forward');
  expect(sysctlPathOfFile('/proc/net/ip_vs')).toBeUndefined();
});

test('sysctl reads names, writes key=value, and -w wants a value', () => {
  expect(parseSysctl(words('-n net.ipv4.ip_forward'))).toMatchObject({
    value: { valuesOnly: true, items: [{ kind: 'read', key: 'net/ipv4/ip_forward' }] },
  });
  expect(parseSysctl(words('-w net.ipv4.ip_forward=1'))).toMatchObject({
    value: { items: [{ kind: 'write', value: '1' }] },
  });
  expect(parseSysctl(words('-w net.ipv4.ip_forward'))).toMatchObject({ problem: { column: 4 } });
});

const address = fc.nat({ max: 0xffffffff }).map(ipv4);
const optional = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: undefined });
const prefix = fc.record({ address, prefixLength: fc.nat({ max: 32 }) });
const dev = fc.constantFrom('eth0', 'lo', 'tunl0', 'eth0.100');
const refusing = fc.record({
  type: fc.constantFrom('unreachable' as const, 'blackhole' as const, 'prohibit' as const, 'throw' as const),
  destination: prefix,
  via: fc.constant(undefined),
  dev: fc.constant(undefined),
  source: fc.constant(undefined),
});
const ordinary = fc.record({
  type: fc.constantFrom('unicast' as const, 'local' as const),
  destination: prefix,
  via: optional(address),
  dev: optional(dev),
  source: optional(address),
});
const route = fc.oneof(ordinary, refusing);
const change = fc.oneof(
  fc.constantFrom({ kind: 'up' as const }, { kind: 'down' as const }),
  fc.record({ kind: fc.constant('arp' as const), on: fc.boolean() }),
  fc.record({ kind: fc.constant('mtu' as const), bytes: fc.integer({ min: 68, max: 65535 }) }),
  fc.record({
    kind: fc.constant('address' as const),
    mac: fc.nat({ max: 2 ** 48 - 1 }).map((n) => n as Mac),
  }),
);
const mac = fc.nat({ max: 2 ** 48 - 1 }).map((n) => n as Mac);
const kinds = <Kind extends string>(...all: Kind[]) => fc.constantFrom(...all);
const nud = fc.constantFrom('permanent' as const, 'stale' as const, 'failed' as const);
const ipCommand: fc.Arbitrary<IpCommand> = fc.oneof(
  fc.record({
    kind: kinds('route-add', 'route-append', 'route-change', 'route-replace', 'route-del'),
    route,
  }),
  fc.record({
    kind: kinds('route-show', 'route-flush'),
    table: fc.constantFrom('main' as const, 'local' as const, 'cache' as const),
    to: optional(prefix),
    dev: optional(dev),
  }),
  fc.record({ kind: kinds('route-get'), address }),
  fc.record({
    kind: kinds('addr-add', 'addr-change', 'addr-replace', 'addr-del'),
    address: prefix,
    dev,
    label: optional(fc.constant('lo:0')),
    scope: optional(fc.constantFrom('host', 'global')),
  }),
  fc.record({ kind: kinds('addr-flush'), dev, to: optional(prefix) }),
  fc.record({ kind: kinds('addr-show', 'link-show'), dev: optional(dev), up: fc.boolean() }),
  fc.record({ kind: kinds('link-set'), dev, changes: fc.array(change, { maxLength: 3 }) }),
  fc.record({ kind: kinds('link-add'), name: dev, type: fc.constant('dummy') }),
  fc.record({ kind: kinds('link-del'), dev }),
  fc.record({
    kind: kinds('neigh-add', 'neigh-change', 'neigh-replace', 'neigh-del'),
    address,
    dev,
    mac: optional(mac),
    state: optional(nud),
  }),
  fc.record({
    kind: kinds('neigh-show', 'neigh-flush'),
    query: fc.record({
      address: optional(prefix),
      dev: optional(dev),
      state: optional(fc.oneof(nud, fc.constant('all' as const))),
    }),
  }),
  fc.record({
    kind: kinds('tunnel-add', 'tunnel-del'),
    name: dev,
    remote: optional(address),
    local: optional(address),
  }),
  fc.record({ kind: kinds('tunnel-show'), name: optional(dev) }),
  fc.record({ kind: kinds('rule-show') }),
);
const ipOptions = fc.record({
  statistics: fc.nat({ max: 2 }),
  details: fc.boolean(),
  inetOnly: fc.boolean(),
  brief: fc.boolean(),
  oneline: fc.boolean(),
});

test('every ip command comes back from its printed words', () => {
  fc.assert(
    fc.property(fc.record({ options: ipOptions, command: ipCommand }), (given) => {
      expect(parseIp(words(printIp(given)))).toEqual({ ok: true, value: given });
    }),
  );
});

const ports = fc
  .tuple(fc.nat({ max: 65535 }), fc.nat({ max: 65535 }))
  .map(([a, b]): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]);
const NEGATABLE = ['source', 'destination', 'inInterface', 'ports'] as const;
const rule = (target: fc.Arbitrary<FirewallRule['target']>): fc.Arbitrary<FirewallRule> =>
  plainRule(target).chain((plain) => {
    const given = NEGATABLE.filter((what) => (what === 'ports' ? plain.ports.length > 0 : plain[what]));
    return fc.subarray(given).map((not) => ({ ...plain, not }));
  });
const plainRule = (target: fc.Arbitrary<FirewallRule['target']>): fc.Arbitrary<FirewallRule> =>
  fc.record({
    protocol: fc.constant(PROTO_TCP),
    source: optional(prefix.map(networkOf)),
    destination: optional(prefix.map(networkOf)),
    inInterface: optional(dev),
    outInterface: fc.constant(undefined),
    sourcePorts: fc.constant([]),
    ports: fc.array(ports, { maxLength: 4 }),
    icmpType: fc.constant(undefined),
    not: fc.constant([]),
    comment: optional(fc.constantFrom('web', 'a-b_1')),
    target,
  });
const decided = rule(
  fc.oneof(
    fc.constantFrom({ kind: 'accept' as const }, { kind: 'drop' as const }),
    fc.constantFrom(...REJECT_WITH).map((how) => ({ kind: 'reject' as const, with: how })),
  ),
);
const marked = rule(fc.integer({ min: 1, max: 0xffffffff }).map((mark) => ({ kind: 'mark' as const, mark })));
const filtered = { table: kinds('filter'), chain: fc.constantFrom('INPUT' as const, 'FORWARD' as const) };
const mangled = { table: kinds('mangle'), chain: kinds('PREROUTING') };
const whole = { table: kinds('filter', 'mangle'), chain: fc.constant(undefined) };
const number = fc.integer({ min: 1, max: 9999 });
const firewall: fc.Arbitrary<IptablesCommand> = fc.oneof(
  fc.record({ kind: kinds('append', 'delete', 'check'), ...filtered, rule: decided }),
  fc.record({ kind: kinds('append', 'delete', 'check'), ...mangled, rule: marked }),
  fc.record({ kind: kinds('insert'), ...filtered, rule: decided, number }),
  fc.record({ kind: kinds('delete-number'), ...filtered, number }),
  fc.record({ kind: kinds('policy'), ...filtered, policy: kinds('ACCEPT', 'DROP') }),
  fc.record({ kind: kinds('flush', 'zero'), ...whole }),
  fc.record({ kind: kinds('flush', 'zero'), ...filtered }),
  fc.record({ kind: kinds('delete-chains'), table: kinds('filter', 'nat') }),
  fc.record({ kind: kinds('list-rules'), ...whole, verbose: fc.boolean() }),
  fc.record({
    kind: kinds('list'),
    ...whole,
    numeric: fc.boolean(),
    verbose: fc.boolean(),
    exact: fc.boolean(),
    lineNumbers: fc.boolean(),
  }),
);

test('every firewall command comes back from its printed words', () => {
  fc.assert(
    fc.property(firewall, (given) => {
      expect(parseIptables(words(printIptables(given)))).toEqual({ ok: true, value: given });
    }),
  );
});

const key = fc
  .array(fc.constantFrom('net', 'ipv4', 'vs', 'eth0.1', 'drop_entry'), { minLength: 1, maxLength: 5 })
  .map((parts) => ['net', ...parts].join('/'));
const sysctl: fc.Arbitrary<SysctlCommand> = fc.record({
  valuesOnly: fc.boolean(),
  quiet: fc.boolean(),
  all: fc.boolean(),
  items: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('read' as const), key }),
      fc.record({ kind: fc.constant('write' as const), key, value: fc.constantFrom('1', '3 50', '', 'a=b') }),
    ),
  ),
});

test('every sysctl command comes back from its printed words', () => {
  fc.assert(
    fc.property(sysctl, (given) => {
      expect(parseSysctl(placeWords(printSysctl(given)))).toEqual({ ok: true, value: given });
    }),
  );
});

test('no words whatever make the readers throw', () => {
  const some = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom('-A', 'INPUT', '-p', 'addr', 'add', 'route', 'link', 'set', '-w', '__proto__'),
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(some, (given) => {
      const placed = placeWords(given);
      for (const parse of [parseIp, parseIptables, parseSysctl])
        expect(typeof parse(placed).ok).toBe('boolean');
    }),
  );
});
