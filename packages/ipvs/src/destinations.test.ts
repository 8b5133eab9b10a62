import { ipv4, PROTO_TCP } from '@lvscope/inet';
import { expect, test } from 'vitest';
import { addDestination, deleteDestination, editDestination } from './destinations.ts';
import { FORWARD_ROUTE, FORWARD_TUNNEL, VERDICT_ACCEPT } from './packet.ts';
import type { ServiceKey } from './service.ts';
import { setLocalAddresses, startSyncDaemon } from './settings.ts';
import { addService, deleteService, editService, services, zeroStats } from './services.ts';
import { client, counters, director, service, wait } from './testing/director.ts';
import { command } from './testing/trace-world.ts';

const KEY: ServiceKey = { kind: 'address', protocol: PROTO_TCP, address: ipv4(0x0a000064), port: 80 };
const ONE = { address: ipv4(0x0a000101), port: 80 };
const DEFAULTS = {
  method: FORWARD_ROUTE,
  tunnel: undefined,
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
};
const SETTINGS = {
  scheduler: 'wlc',
  schedulerFlags: 0,
  persistenceSeconds: 0,
  netmask: ipv4(0xffffffff),
  prefixLength: 128,
  persistenceEngine: undefined,
  onePacket: false,
};
const order = (d: ReturnType<typeof director>) =>
  services(d.ipvs)[0]!.destinations.map((x) => x.address & 255);

test('new servers come to the head of the list, edited ones stay, deleted ones return to the head', () => {
  const d = director(...service('-s rr', '-g', '-g', '-g'));
  expect(order(d)).toEqual([3, 2, 1]);
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w 9');
  expect(order(d)).toEqual([3, 2, 1]);
  command(d, 'ipvsadm -d -t 10.0.0.100:80 -r 10.0.1.2:80');
  command(d, 'ipvsadm -a -t 10.0.0.100:80 -r 10.0.1.2:80 -g');
  expect(order(d)).toEqual([2, 3, 1]);
});

test('the kernel refuses what it cannot do', () => {
  const { ipvs, sim } = director(...service('-s rr', '-g'));
  const other: ServiceKey = { ...KEY, port: 81 };
  expect(addService(ipvs, sim, { key: KEY, ...SETTINGS })).toEqual({ code: 'EEXIST', what: 'service' });
  expect(addService(ipvs, sim, { key: other, ...SETTINGS, scheduler: 'WLC' })?.code).toBe('ENOENT');
  expect(editService(ipvs, sim, other, SETTINGS)?.code).toBe('ESRCH');
  expect(deleteService(ipvs, sim, other)?.code).toBe('ESRCH');
  expect(zeroStats(ipvs, other)?.code).toBe('ESRCH');
  expect(addDestination(ipvs, sim, other, ONE, DEFAULTS)).toEqual({ code: 'ESRCH', what: 'service' });
  expect(addDestination(ipvs, sim, KEY, ONE, DEFAULTS)).toEqual({ code: 'EEXIST', what: 'destination' });
  const two = { ...ONE, port: 81 };
  expect(editDestination(ipvs, sim, KEY, two, DEFAULTS)).toEqual({ code: 'ENOENT', what: 'destination' });
  expect(deleteDestination(ipvs, sim, KEY, two)?.code).toBe('ENOENT');
  expect(addDestination(ipvs, sim, KEY, two, { ...DEFAULTS, weight: -1 })?.code).toBe('ERANGE');
  expect(addDestination(ipvs, sim, KEY, two, { ...DEFAULTS, lowerThreshold: 1 })?.code).toBe('ERANGE');
  const gue = { type: 'gue', port: 0, checksum: 'nocsum' } as const;
  const tunnel = { ...DEFAULTS, method: FORWARD_TUNNEL, tunnel: gue };
  expect(addDestination(ipvs, sim, KEY, two, tunnel)?.code).toBe('EINVAL');
});

test('an edit forgets by which method the route to a server was looked up', () => {
  const d = director(...service('-s rr', '-g'));
  const [server] = services(d.ipvs)[0]!.destinations;
  server!.routeMadeBy = FORWARD_TUNNEL;
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w 2');
  expect(server!.routeMadeBy).toBe(-1);
});

test('a server has the address of one host (inet_addr_type)', () => {
  const { ipvs, sim } = director(...service('-s rr', '-g'));
  setLocalAddresses(ipvs, [], [ipv4(0x0a0001ff)]);
  for (const address of [0, 0xe0000001, 0xffffffff, 0x0a0001ff]) {
    const nobody = { ...ONE, address: ipv4(address) };
    expect(addDestination(ipvs, sim, KEY, nobody, DEFAULTS)).toEqual({ code: 'EINVAL', what: 'destination' });
  }
  expect(addDestination(ipvs, sim, KEY, { ...ONE, address: ipv4(0xf0000001) }, DEFAULTS)).toBeUndefined();
});

test('a server has a unicast IPv6 address of more than one link (ipv6_addr_type)', () => {
  const { ipvs, sim } = director(...service('-s rr', '-g'));
  const key: ServiceKey = { kind: 'address6', protocol: PROTO_TCP, address: '2001:db8::1', port: 80 };
  addService(ipvs, sim, { key, ...SETTINGS });
  const refused = ['::', 'ff02::1', 'fe80::1', '::ffff:10.0.0.1', '::1', '2001:db8::2', 'fec0::1'].filter(
    (address6) => addDestination(ipvs, sim, key, { ...ONE, address6 }, DEFAULTS) !== undefined,
  );
  expect(refused).toEqual(['::', 'ff02::1', 'fe80::1', '::ffff:10.0.0.1']);
});

test('servers of the other address family and sync daemons exclude each other', () => {
  const { ipvs, sim } = director(...service('-s rr', '-g'));
  const six = { address: ipv4(0), address6: '2001:db8::5', port: 80 };
  const tunnel = { ...DEFAULTS, method: FORWARD_TUNNEL, tunnel: undefined };
  expect(addDestination(ipvs, sim, KEY, six, tunnel)).toBeUndefined();
  expect(startSyncDaemon(ipvs, sim, 'master', 'eth0', 1)?.code).toBe('EINVAL');
  expect(deleteDestination(ipvs, sim, KEY, six)).toBeUndefined();
  expect(startSyncDaemon(ipvs, sim, 'master', 'eth0', 1)).toBeUndefined();
  expect(addDestination(ipvs, sim, KEY, six, tunnel)?.code).toBe('EINVAL');
  expect(editDestination(ipvs, sim, KEY, six, tunnel)?.code).toBe('EINVAL');
});

test('an edit to weight 0 keeps the last weight, which mh needs', () => {
  const d = director(...service('-s mh', '-g -w 3'));
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w 0');
  const server = services(d.ipvs)[0]!.destinations[0]!;
  expect([server.weight, server.lastWeight]).toEqual([0, 3]);
});

test('a server that comes back from the trash is the same one, with its connections and counters', () => {
  const d = director(...service('-s rr', '-g'));
  client(d, '10.9.0.1:1', 'S A');
  const before = services(d.ipvs)[0]!.destinations[0]!;
  command(d, 'ipvsadm -d -t 10.0.0.100:80 -r 10.0.1.1:80');
  wait(d, 300);
  command(d, 'ipvsadm -a -t 10.0.0.100:80 -r 10.0.1.1:80 -g');
  expect(services(d.ipvs)[0]!.destinations[0]).toBe(before);
  expect(counters(d)).toBe('1/1/0/0');
  expect(before.stats.live.inPackets).toBe(2);
});

test('a server idle in the trash for 120 s is forgotten', () => {
  const d = director(...service('-s rr', '-g'));
  const before = services(d.ipvs)[0]!.destinations[0]!;
  command(d, 'ipvsadm -d -t 10.0.0.100:80 -r 10.0.1.1:80');
  wait(d, 200);
  command(d, 'ipvsadm -a -t 10.0.0.100:80 -r 10.0.1.1:80 -g');
  expect(services(d.ipvs)[0]!.destinations[0]).not.toBe(before);
});

test('-C leaves the connections, and without services every packet goes to the director itself', () => {
  const d = director(...service('-s rr', '-g'));
  client(d, '10.9.0.1:1', 'S A');
  command(d, 'ipvsadm -C');
  expect(d.ipvs.table.live).toBe(1);
  expect(client(d, '10.9.0.1:1', 'PA')).toBe(VERDICT_ACCEPT);
  for (const line of service('-s rr', '-g')) command(d, `ipvsadm ${line}`);
  client(d, '10.9.0.1:1', 'PA');
  expect(counters(d)).toBe('1/1/0/0');
});
