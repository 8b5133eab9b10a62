import { services } from '@lvscope/ipvs';
import { expect, test, vi } from 'vitest';
import { framesSeen, framesUnderway, keepFrames } from '@lvscope/net';
import { checkpoint, fingerprints } from './checkpoint.ts';
import { closed, constant, type Plan, runTo, worldOf } from './testing/cluster.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What the director counted: by server, connections, packets and bytes in and out, and both counters. */
function counted(world: World): Record<string, number[]> {
  const rows: Record<string, number[]> = {};
  for (const service of services(world.directors[0]!.ipvs)) {
    for (const d of service.destinations) {
      const { conns, inPackets, outPackets } = d.stats.live;
      rows[String(d.address)] = [conns, inPackets, outPackets, d.activeConns, d.inactConns];
    }
  }
  return rows;
}

const load = closed(5, 4, { total: 300, thinkSeconds: constant(0.05) });

for (const method of ['dr', 'nat', 'tun'] as const) {
  test(`the director of a ${method} cluster counts the same at both levels of detail`, () => {
    const plan: Plan = { method, service: '-s rr', workload: load };
    const connection = worldOf(plan);
    const packet = worldOf({ ...plan, detail: 'packet' });
    runTo(connection, 60);
    runTo(packet, 60);
    expect(packet.workloads[0]!.succeeded).toBe(300);
    expect(counted(packet)).toEqual(counted(connection));
  });
}

for (const service of ['-s wrr', '-s sh', '-s rr -p 60']) {
  test(`a choice that no timing decides (${service}) is the same at both levels, to the packet`, () => {
    const plan: Plan = { method: 'dr', service, workload: load };
    const connection = worldOf(plan);
    const packet = worldOf({ ...plan, detail: 'packet' });
    runTo(connection, 60);
    runTo(packet, 60);
    expect(counted(packet)).toEqual(counted(connection));
  });
}

test('under wlc, where timing decides, the servers’ shares differ by at most 2 connections in 300', () => {
  const plan: Plan = { method: 'nat', service: '-s wlc', workload: load };
  const connection = worldOf(plan);
  const packet = worldOf({ ...plan, detail: 'packet' });
  runTo(connection, 60);
  runTo(packet, 60);
  const rows = counted(connection);
  for (const [server, [conns]] of Object.entries(counted(packet))) {
    expect(Math.abs(conns! - rows[server]![0]!)).toBeLessThanOrEqual(2);
  }
});

test('a copy of a world of frames runs on like the original', () => {
  const world = worldOf({ method: 'dr', service: '-s wlc', workload: load, detail: 'packet' });
  runTo(world, 1.5);
  const copy = checkpoint(world);
  runTo(world, 6);
  runTo(copy, 6);
  expect(fingerprints(copy)).toEqual(fingerprints(world));
  expect(fingerprints(world)['frames']).toBeDefined();
});

test('every frame that was made has ended in one way or is still on its way', () => {
  const world = worldOf({ method: 'tun', service: '-s rr', workload: load, detail: 'packet' });
  keepFrames(world.net, 100_000);
  for (const at of [0.01, 0.5, 1.7, 3, 20]) {
    runTo(world, at);
    const onTheirWay = new Set<number>();
    for (const { frame, direction } of framesSeen(world.net).frames) {
      if (direction === 'out') onTheirWay.add(frame);
      else onTheirWay.delete(frame);
    }
    expect(framesUnderway(world.net)).toBe(onTheirWay.size);
  }
  expect(framesUnderway(world.net)).toBe(0);
});
