import { expect, test, vi } from 'vitest';
import { closed, constant, open, runTo, worldOf } from './testing/cluster.ts';
import { testPrograms } from './testing/programs.ts';
import { execute } from './execute.ts';
import { drops } from './observe.ts';
import { bootHost } from './power.ts';
import { setPower, setService } from './server/control.ts';
import { writeSysctl } from './sysctl.ts';
import { view } from './view-of.ts';
import { setWorkload } from './workload/control.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const service = (world: World, window = 60) => view(world, window).services[0]!;
const load = (world: World) => view(world).workloads[0]!;
const server = (world: World, name: string) => service(world).servers.find((s) => s.name === name)!;
const ipvsadm = (world: World, rest: string) => {
  expect(execute(world, testPrograms, 'd1', `ipvsadm ${rest}`).rc).toBe(0);
};

test('a stress test from one machine through -p meets one server only', () => {
  const world = worldOf({ service: '-s rr -p 300', workload: closed(1, 10) });
  runTo(world, 60);
  const shares = service(world).servers.map((s) => s.share);
  expect(shares.sort((a, b) => a - b)).toEqual([0, 0, 1]);
  expect(service(world).skew!.jain).toBeCloseTo(1 / 3);
});

test('without -p, rr spreads the same stress test evenly', () => {
  const world = worldOf({ service: '-s rr', workload: closed(1, 10) });
  runTo(world, 60);
  expect(service(world).skew!.jain).toBeGreaterThan(0.999);
  expect(load(world).succeeded).toBeGreaterThan(1000);
});

test('many sources through -p are spread over the servers', () => {
  const world = worldOf({ service: '-s rr -p 300', workload: closed(60, 60) });
  runTo(world, 60);
  expect(service(world).skew!.jain).toBeGreaterThan(0.95);
});

test('with -M 255.255.255.0 the many sources of one /24 are one client again', () => {
  const world = worldOf({ service: '-s rr -p 300 -M 255.255.255.0', workload: closed(60, 60) });
  runTo(world, 30);
  expect(service(world).skew!.jain).toBeCloseTo(1 / 3);
});

test('when -p goes, wlc holds the loaded server back for more than a minute by its InActConn', () => {
  const world = worldOf({ service: '-s wlc -p 300', workload: closed(1, 10) });
  runTo(world, 120);
  const loaded = service(world).servers.find((s) => s.share === 1)!;
  expect(loaded.inactConns).toBeGreaterThan(3000);
  ipvsadm(world, '-E -t 192.168.1.6:80 -s wlc');
  runTo(world, 190);
  expect(service(world, 65).servers.find((s) => s.name === loaded.name)!.newConns).toBe(0);
  runTo(world, 300);
  expect(service(world, 60).servers.find((s) => s.name === loaded.name)!.newConns).toBeGreaterThan(100);
});

test('in DR the InActConn of a finished test are no sockets of the server after a minute', () => {
  const world = worldOf({ workload: open(50, 50, { stopSeconds: 30 }) });
  runTo(world, 100);
  for (const s of service(world).servers) {
    expect(s.inactConns).toBeGreaterThan(100);
    expect(s.sockets!.timeWait).toBe(0);
    expect(s.sockets!.established).toBe(0);
  }
});

test('a server that closes first has its TIME_WAIT for sixty seconds', () => {
  const world = worldOf({ workload: open(50, 50, { stopSeconds: 30 }) });
  runTo(world, 31);
  const waiting = service(world).servers.reduce((sum, s) => sum + s.sockets!.timeWait, 0);
  expect(waiting).toBeGreaterThan(1000);
});

test('KeepAlive on both sides carries many requests on a connection; Off opens one for each', () => {
  const keep = { keepAlive: true, requestsPerConnection: constant(20) };
  const on = worldOf({ server: { keepAlive: true }, workload: closed(1, 10, keep) });
  const off = worldOf({ server: { keepAlive: false }, workload: closed(1, 10, keep) });
  runTo(on, 30);
  runTo(off, 30);
  expect(load(on).succeeded / service(on).conns).toBeGreaterThan(15);
  expect(Math.abs(load(off).started - service(off).conns)).toBeLessThanOrEqual(10);
});

test('a kept-alive connection holds its worker while it idles', () => {
  const keep = { keepAlive: true, requestsPerConnection: constant(50), thinkSeconds: constant(5) };
  const world = worldOf({
    weights: [1],
    server: { keepAlive: true, workers: 8 },
    workload: closed(1, 8, keep),
  });
  runTo(world, 20);
  expect(server(world, 'rs1').workersBusy).toBe(8);
  expect(server(world, 'rs1').sockets!.established).toBe(8);
});

test('a server that refuses gives "refused" to the share of clients that meet it', () => {
  const world = worldOf({
    workload: open(50, 60),
    timeline: [{ atSeconds: 5, on: 'rs2', run: 'systemctl stop httpd' }],
  });
  runTo(world, 35);
  const { failures } = load(world);
  expect(failures['refused']).toBeGreaterThan(400);
  expect(failures['timeout']).toBe(0);
  expect(server(world, 'rs2').health).toBe('refusing');
});

test('a hung server lets the kernel accept and its clients run into their timeout', () => {
  const world = worldOf({ workload: open(50, 60, { timeoutSeconds: 3 }) });
  runTo(world, 5);
  setService(world, 'rs2', 'httpd', 'hang');
  runTo(world, 30);
  expect(load(world).failures['timeout']).toBeGreaterThan(300);
  expect(load(world).failures['refused']).toBe(0);
  expect(server(world, 'rs2').health).toBe('hung');
  setService(world, 'rs2', 'httpd', 'continue');
  runTo(world, 40);
  const before = load(world).failures['timeout'];
  runTo(world, 60);
  expect(load(world).failures['timeout']).toBe(before);
});

test('a server without its link is silence, then host unreachable from the director', () => {
  const world = worldOf({
    workload: open(50, 60, { timeoutSeconds: 8 }),
    timeline: [{ atSeconds: 5, on: 'rs2', run: 'ip link set eth0 down' }],
  });
  runTo(world, 40);
  const { failures } = load(world);
  expect((failures['unreachable'] ?? 0) + (failures['timeout'] ?? 0)).toBeGreaterThan(400);
  expect(failures['refused']).toBe(0);
  expect(server(world, 'rs2').health).toBe('link-down');
});

test('weight 0 takes no new client and has no fair share', () => {
  const world = worldOf({ workload: open(50, 60) });
  runTo(world, 10);
  ipvsadm(world, '-e -t 192.168.1.6:80 -r 192.168.1.12:80 -g -w 0');
  runTo(world, 100);
  expect(server(world, 'rs2')).toMatchObject({ newConns: 0, fairShare: 0 });
  expect(service(world).skew!.jain).toBeGreaterThan(0.99);
});

test('with fewer workers than users the others wait in the accept queue', () => {
  const world = worldOf({
    weights: [1],
    server: { workers: 2, serviceTimeMs: constant(100) },
    workload: closed(1, 10, { thinkSeconds: constant(0) }),
  });
  runTo(world, 30);
  expect(server(world, 'rs1')).toMatchObject({ workersBusy: 2 });
  expect(server(world, 'rs1').acceptQueue).toBeGreaterThan(5);
  expect(load(world).requestsPerSecond).toBeGreaterThan(18);
  expect(load(world).requestsPerSecond).toBeLessThan(20.5);
});

test('a client that closes first keeps its ports in TIME_WAIT and runs out of them', () => {
  const world = worldOf({
    weights: [1],
    server: { keepAlive: true },
    workload: open(1, 20, { keepAlive: true }),
  });
  expect(writeSysctl(world, 'client', 'net.ipv4.ip_local_port_range', '40000 40099')).toEqual({ ok: true });
  runTo(world, 30);
  expect(load(world).succeeded).toBe(100);
  expect(load(world).failures['ports-exhausted']).toBeGreaterThan(400);
});

test('changing the number of sources takes effect at once', () => {
  const world = worldOf({ service: '-s rr -p 300', workload: closed(1, 30) });
  runTo(world, 30);
  expect(setWorkload(world, 'load', { sources: 30 })).toEqual({ ok: true });
  runTo(world, 100);
  expect(service(world).skew!.jain).toBeGreaterThan(0.9);
  expect(setWorkload(world, 'nobody', {})).toMatchObject({ ok: false });
});

test('a page of many objects is spread when each is a connection of its own', () => {
  const page = { objectsPerPage: constant(9), parallel: 3 };
  const world = worldOf({ workload: open(1, 1, page) });
  runTo(world, 60);
  expect(load(world).started / 9).toBeGreaterThan(30);
  expect(service(world).skew!.jain).toBeGreaterThan(0.999);
});

test('UDP questions are answered, and their entries stay in the table', () => {
  const world = worldOf({ protocol: 'udp', workload: open(50, 50, { protocol: 'udp' }) });
  runTo(world, 30);
  expect(load(world).succeeded).toBeGreaterThan(1000);
  const inactive = service(world).servers.reduce((sum, s) => sum + s.inactConns, 0);
  expect(inactive).toBe(service(world).conns);
});

test.each(['dr', 'nat', 'tun'] as const)(
  'requests are answered by servers beside, behind and beyond: %s',
  (method) => {
    const world = worldOf({ method, workload: closed(5, 5) });
    runTo(world, 20);
    expect(load(world).succeeded).toBeGreaterThan(500);
    expect(Object.values(load(world).failures)).toEqual([0, 0, 0, 0, 0]);
  },
);

test('a server without power is silent, and serves again when it is back', () => {
  const world = worldOf({ workload: open(50, 60, { timeoutSeconds: 2 }) });
  runTo(world, 5);
  expect(setPower(world, 'rs2', false)).toEqual({ ok: true });
  runTo(world, 30);
  expect(server(world, 'rs2')).toMatchObject({ health: 'off', workersBusy: 0 });
  expect(server(world, 'rs2').sockets!.established).toBe(0);
  bootHost(world, testPrograms, 'rs2');
  runTo(world, 45);
  const { failures, succeeded } = load(world);
  expect((failures['timeout'] ?? 0) + (failures['unreachable'] ?? 0)).toBeGreaterThan(300);
  runTo(world, 60);
  expect(load(world).failures).toEqual(failures);
  expect(load(world).succeeded - succeeded).toBeGreaterThan(800);
  expect(drops(world)[0]).toMatchObject({ host: expect.any(String), packets: expect.any(Number) });
});

test('users who are not wanted any more go, and come back when they are', () => {
  const world = worldOf({ workload: closed(1, 20) });
  const inUse = () => world.clients.slots.used;
  runTo(world, 5);
  expect(inUse()).toBe(20);
  setWorkload(world, 'load', { concurrency: 5 });
  runTo(world, 10);
  expect(inUse()).toBe(5);
  setWorkload(world, 'load', { running: false });
  runTo(world, 15);
  const { started } = load(world);
  runTo(world, 20);
  expect(load(world).started).toBe(started);
  setWorkload(world, 'load', { running: true, concurrency: 10 });
  runTo(world, 25);
  expect(inUse()).toBe(10);
  expect(load(world).started).toBeGreaterThan(started + 100);
});

test('ab -n stops after its number of connections', () => {
  const world = worldOf({ workload: closed(1, 8, { total: 100 }) });
  runTo(world, 30);
  expect(load(world)).toMatchObject({ started: 100, succeeded: 100 });
});

test('a server that closes an idle connection costs its user nothing but another handshake', () => {
  const idle = { keepAlive: true, requestsPerConnection: constant(50), thinkSeconds: constant(5) };
  const world = worldOf({
    weights: [1],
    server: { keepAlive: true, keepAliveTimeoutSeconds: 2 },
    workload: closed(1, 4, idle),
  });
  runTo(world, 28);
  expect(Object.values(load(world).failures)).toEqual([0, 0, 0, 0, 0]);
  expect(load(world).succeeded).toBe(4 * 6);
  expect(service(world).conns).toBe(4 * 6);
});
