import { ipv4, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IpvsadmCommand } from './index.ts';
import { COMMON_PORT_NAMES, listedSchedulerFlags, parseIpvsadm, placeWords, printIpvsadm } from './index.ts';
import { parseIpv6 } from './inet-text.ts';
import { recordedCommands } from './testing/recorded.ts';

/** What the kernel says when a command is well formed but cannot be carried out. */
const KERNEL_SAYS = [
  'Scheduler or persistence engine not found',
  'Service already exists',
  'No such service',
  'Service not defined',
  'Destination already exists',
  'No such destination',
  'Numerical result out of range',
  'No such device',
  'Daemon has already run',
  'No daemon is running',
];

const words = (text: string) => placeWords(text.split(/\s+/).filter((word) => word !== ''));
const parse = (text: string) => parseIpvsadm(words(text.replace(/^ipvsadm/, '')));

function says(text: string): string {
  const read = parse(text);
  return read.ok ? `ok: ${printIpvsadm(read.command)}` : `${read.refusal.rc}: ${read.refusal.err}`;
}

describe('what the recorded ipvsadm 1.31 said', () => {
  for (const trace of ['cli-errors', 'cli-listings', 'cli-save-restore', 'cli-edit-thresholds']) {
    const commands = recordedCommands(trace).filter(({ cmd }) => /^ipvsadm( [^|<>;&]*)?$/.test(cmd));
    test.each(commands)(`${trace}: $cmd`, ({ cmd, rc, err }) => {
      const read = parse(cmd);
      if (err === '' || KERNEL_SAYS.includes(err.trim())) expect(read).toMatchObject({ ok: true });
      else expect(read).toMatchObject({ ok: false, refusal: { rc, err } });
    });
  }
});

test('-p without a number is 360 seconds, whatever the manual page says', () => {
  expect(says('-A -f 1 -s wrr -p')).toBe('ok: ipvsadm -A -f 1 -s wrr -p 360');
});

test('-E and -e without an option put its default back', () => {
  expect(says('-E -t 10.0.0.1:80')).toBe('ok: ipvsadm -E -t 10.0.0.1:80 -s wlc');
  expect(says('-e -t 10.0.0.1:80 -r 10.0.0.2 -x 5')).toBe(
    'ok: ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1 -x 5',
  );
});

test('direct routing and tunnels keep the port of the service, NAT and marks may change it', () => {
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2:8080')).toContain('-r 10.0.0.2:80 -g');
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -i')).toContain('-r 10.0.0.2:80 -i');
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m')).toContain('-r 10.0.0.2:8080 -m');
  expect(says('-a -f 1 -r 10.0.0.2:8080 -g')).toContain('-r 10.0.0.2:8080 -g');
});

test('short options come in bundles and with their value attached', () => {
  expect(says('-Lnc')).toBe('ok: ipvsadm -L -c -n');
  expect(says('-at10.0.0.1:80 -r10.0.0.2 -mw7')).toBe('ok: ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 7');
});

test('long options take their value behind an equals sign or a blank', () => {
  expect(says('--add-service --tcp-service=10.0.0.1:80 --scheduler rr --persistent=60')).toBe(
    'ok: ipvsadm -A -t 10.0.0.1:80 -s rr -p 60',
  );
  expect(says('--list --numeric=yes')).toBe('255: --numeric=yes: option does not take an argument\n');
});

test('-6 goes behind the mark', () => {
  expect(says('-A -f 3 -6')).toBe('ok: ipvsadm -A -f 3 -6 -s wlc');
});

test('options of tunnels go with -i only, and gue needs a port', () => {
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2 -m --tun-type gue')).toBe(
    '2: Tunnel options conflict with forward method\n',
  );
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gue')).toBe(
    "2: You need to supply the 'tun-port' option for the 'gue' tunnel type\n",
  );
  expect(says('-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gue --tun-port 6080 --tun-csum')).toBe(
    'ok: ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum',
  );
});

// as recorded of 1.31
test('commas without a flag end it with SIGSEGV', () => {
  expect(says('-A -t 10.0.0.1:80 -b ,')).toBe('139: Segmentation fault\n');
  expect(says('-A -t 10.0.0.1:80 -s sh -b ,sh-port,')).toBe('ok: ipvsadm -A -t 10.0.0.1:80 -s sh -b sh-port');
});

test('of sh and mh only the flags that have names are shown, be it none', () => {
  expect(listedSchedulerFlags(0, 'sh')).toBeUndefined();
  expect(listedSchedulerFlags(4, 'sh')).toBe('');
  expect(listedSchedulerFlags(5, 'mh')).toBe('mh-fallback');
  expect(listedSchedulerFlags(7, 'rr')).toBe('flag-1,flag-2,flag-3');
});

test('a group is one of the family that its colons say', () => {
  const start = '--start-daemon master --mcast-group';
  for (const group of ['224.1', 'foo', '10.0.0.1'])
    expect(says(`${start} ${group}`)).toBe(`2: invalid IPv4 mcast-group \`${group}'\n`);
  expect(says(`${start} fe80::1`)).toBe("2: invalid IPv6 mcast-group `fe80::1'\n");
  expect(says(`${start} ff02::5`)).toContain('ok: ');
});

test('a refusal knows the word that is at fault', () => {
  expect(parse('-A -t 10.0.0.300:80')).toMatchObject({ refusal: { word: 2 } });
  expect(parse('-a -t 10.0.0.1:80')).toMatchObject({ refusal: { word: 3 } });
  expect(parse('-d -t 10.0.0.1:80 -r 10.0.0.2 -w 3')).toMatchObject({ refusal: { word: 6 } });
});

test('port names are those of the host', () => {
  expect(parseIpvsadm(words('-A -t 10.0.0.1:http'), COMMON_PORT_NAMES)).toMatchObject({
    command: { service: { port: 80 } },
  });
  expect(parseIpvsadm(words('-A -u 10.0.0.1:http'), COMMON_PORT_NAMES)).toMatchObject({ ok: false });
});

test('addresses are read as inet_aton and inet_pton read them', () => {
  expect(says('-A -t 10.1:80')).toContain('-t 10.0.0.1:80');
  expect(says('-A -t 0x0a.0.0.010:80')).toContain('-t 10.0.0.8:80');
  expect(says('-A -t [2001:DB8:0:0::1]:80')).toContain('-t [2001:db8::1]:80');
  expect(says('-A -t [::ffff:10.0.0.1]:80')).toContain('-t [::ffff:10.0.0.1]:80');
});

const address = fc.nat({ max: 0xffffffff }).map(ipv4);
const address6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat({ max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => parseIpv6(groups.map((group) => group.toString(16)).join(':')) ?? '');
const port = fc.integer({ min: 1, max: 65535 });
const protocol = fc.constantFrom(PROTO_TCP, PROTO_UDP, PROTO_SCTP);
const service = fc.oneof(
  fc.record({ kind: fc.constant('address' as const), protocol, address, port }),
  fc.record({ kind: fc.constant('address6' as const), protocol, address: address6, port }),
  fc.record({
    kind: fc.constant('fwmark' as const),
    mark: fc.integer({ min: 1, max: 0xffffffff }),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
);
const settings = fc.record({
  scheduler: fc.constantFrom('rr', 'sh', 'mh', 'wlc'),
  schedulerFlags: fc.nat({ max: 7 }),
  persistenceSeconds: fc.nat({ max: 2678400 }),
  netmask: address,
  prefixLength: fc.integer({ min: 1, max: 128 }),
  persistenceEngine: fc.constantFrom(undefined, 'sip'),
  onePacket: fc.boolean(),
});
const tunnel = fc.oneof(
  fc.record({
    type: fc.constant('ipip' as const),
    port: fc.constant(0),
    checksum: fc.constant('nocsum' as const),
  }),
  fc.record({
    type: fc.constant('gue' as const),
    port,
    checksum: fc.constantFrom('nocsum' as const, 'csum' as const, 'remcsum' as const),
  }),
);

/** Commands as the parser makes them: what an option cannot say has its default. */
const command: fc.Arbitrary<IpvsadmCommand> = fc.oneof(
  fc
    .tuple(fc.constantFrom('add-service' as const, 'edit-service' as const), service, settings)
    .map(([kind, key, given]) => {
      const six = key.kind === 'address6' || (key.kind === 'fwmark' && key.family === 6);
      return {
        kind,
        service: key,
        settings: {
          ...given,
          ...(six ? { netmask: ipv4(0xffffffff) } : { prefixLength: 128 }),
          onePacket: given.onePacket && (key.kind === 'fwmark' || key.protocol === PROTO_UDP),
        },
      };
    }),
  fc
    .tuple(
      fc.constantFrom('add-server' as const, 'edit-server' as const),
      service,
      fc.oneof(
        fc.record({ family: fc.constant(4 as const), address, port }),
        fc.record({ family: fc.constant(6 as const), address: address6, port }),
      ),
      fc.record({
        weight: fc.nat({ max: 2147483647 }),
        upperThreshold: fc.nat({ max: 2147483647 }),
        lowerThreshold: fc.nat({ max: 2147483647 }),
      }),
      fc.option(tunnel, { nil: undefined }),
      fc.constantFrom('masq' as const, 'route' as const),
    )
    .filter(([, key, server, , encapsulation]) => {
      const six = key.kind === 'address6' || (key.kind === 'fwmark' && key.family === 6);
      return encapsulation !== undefined || six === (server.family === 6);
    })
    .map(([kind, key, server, numbers, encapsulation, method]) => ({
      kind,
      service: key,
      server:
        key.kind === 'fwmark' || (!encapsulation && method === 'masq')
          ? server
          : { ...server, port: key.port },
      settings: { ...numbers, tunnel: encapsulation, method: encapsulation ? ('tunnel' as const) : method },
    })),
  fc.record({ kind: fc.constant('delete-service' as const), service }),
  fc.record({ kind: fc.constant('zero' as const), service: fc.option(service, { nil: undefined }) }),
  fc.record({
    kind: fc.constant('set-timeouts' as const),
    tcp: fc.nat({ max: 2678400 }),
    tcpFin: fc.nat({ max: 2678400 }),
    udp: fc.nat({ max: 2678400 }),
  }),
  fc.record({
    kind: fc.constant('start-daemon' as const),
    role: fc.constantFrom('master' as const, 'backup' as const),
    interface: fc.constantFrom('eth0', 'bond1'),
    syncId: fc.nat({ max: 255 }),
    maxLength: fc.nat({ max: 65507 }),
    group: fc.constantFrom('', '224.0.0.81', 'ff02::1'),
    port: fc.nat({ max: 65535 }),
    ttl: fc.nat({ max: 255 }),
  }),
  fc.record({
    kind: fc.constant('list' as const),
    what: fc.oneof(
      fc.constant({ kind: 'services' as const }),
      fc.record({ kind: fc.constant('service' as const), service }),
    ),
    format: fc.record({
      numeric: fc.boolean(),
      stats: fc.boolean(),
      rate: fc.boolean(),
      thresholds: fc.boolean(),
      persistentConn: fc.boolean(),
      tunInfo: fc.boolean(),
      noSort: fc.boolean(),
      exact: fc.boolean(),
    }),
  }),
  fc.record({ kind: fc.constant('save' as const), numeric: fc.boolean() }),
  fc.constantFrom<IpvsadmCommand>(
    { kind: 'flush' },
    { kind: 'restore' },
    { kind: 'help' },
    { kind: 'version' },
    { kind: 'stop-daemon', role: 'backup', syncId: 7 },
  ),
);

test('every command comes back from its printed line', () => {
  fc.assert(
    fc.property(command, (given) => {
      expect(parse(printIpvsadm(given))).toEqual({ ok: true, command: given });
    }),
    { numRuns: 500 },
  );
});

test('no words whatever make the parser throw', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('-A', '-t', '-p', '--set', '-a', '-r', '10.0.0.1:80', '--', '-', '-Lnc', '-b', '[::1]:1'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (given) => {
      expect(typeof parseIpvsadm(placeWords(given)).ok).toBe('boolean');
    }),
  );
});
