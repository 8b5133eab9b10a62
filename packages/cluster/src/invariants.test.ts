import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { connectionRows, liveOfService } from '@lvscope/ipvs';
import { checkpoint, fingerprints, worldBytes } from './checkpoint.ts';
import { commands } from './execute.ts';
import { failuresOf } from './observe.ts';
import { closed, constant, open, type Plan, runTo, worldOf } from './testing/cluster.ts';
import { stepEvent } from './loop.ts';
import { testPrograms } from './testing/programs.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const plans: readonly Plan[] = [
  { service: '-s wlc -p 20', workload: closed(3, 6, { thinkSeconds: constant(0.05) }) },
  { method: 'nat', service: '-s rr', workload: open(9, 30, { objectsPerPage: constant(4) }) },
  {
    service: '-s sed',
    server: { keepAlive: true, workers: 3 },
    workload: open(9, 30, { keepAlive: true, requestsPerConnection: constant(5), timeoutSeconds: 1 }),
    timeline: [
      { atSeconds: 3, on: 'rs1', run: 'systemctl stop httpd' },
      { atSeconds: 6, on: 'rs1', run: 'systemctl start httpd' },
      { atSeconds: 7, on: 'rs2', run: 'ip link set eth0 down' },
    ],
  },
  { protocol: 'udp', service: '-s wrr', weights: [1, 2], workload: open(4, 40, { protocol: 'udp' }) },
];

function checkInvariants(world: World): void {
  for (const w of world.workloads) {
    let inFlight = 0;
    const c = world.clients;
    for (let slot = 0; slot < c.slots.length; slot++) {
      if (c.workload[slot] === w.index) inFlight += c.inFlight[slot]!;
    }
    expect(w.started).toBe(w.succeeded + failuresOf(w) + inFlight);
  }
  for (const director of world.directors) {
    const { ipvs } = director;
    const rows = connectionRows(ipvs, world.sim);
    for (const service of ipvs.services) {
      const scheduled = service.destinations.reduce((sum, d) => sum + d.stats.live.conns, 0);
      expect(liveOfService(service).conns).toBe(scheduled);
      for (const d of service.destinations) {
        const mine = rows.filter((row) => row.destinationId === d.id);
        expect(d.activeConns + d.inactConns).toBe(mine.filter((row) => !row.template).length);
        expect(d.persistConns).toBe(mine.filter((row) => row.template).length);
      }
    }
  }
  for (const [i, server] of world.servers.entries()) {
    let held = 0;
    for (let slot = 0; slot < world.connections.slots.length; slot++) {
      if (world.connections.server[slot] === i) held++;
    }
    expect(server.workersBusy).toBe(held);
    expect(server.workersBusy).toBeLessThanOrEqual(server.spec.workers);
  }
}

test.each(plans.map((plan, i) => [i, plan] as const))(
  'requests, connections and workers are conserved (%i)',
  (_, plan) => {
    const world = worldOf(plan);
    for (let second = 0; second < 12; second++) {
      runTo(world, second + 0.37);
      checkInvariants(world);
    }
  },
);

test('the same seed gives the same run, another seed another', () => {
  for (const plan of plans) {
    const prints = [1, 1, 2].map((seed) => {
      const world = worldOf({ ...plan, seed });
      runTo(world, 8);
      return fingerprints(world);
    });
    expect(prints[0]).toEqual(prints[1]);
    expect(prints[0]).not.toEqual(prints[2]);
  }
});

test('a world that was checkpointed anywhere and cloned runs on like the one that was never stopped', () => {
  const straight = plans.map((plan) => {
    const world = worldOf(plan);
    runTo(world, 10);
    return { prints: fingerprints(world), events: world.sim.eventsFired };
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: plans.length - 1 }),
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.integer({ min: 0, max: 50 }),
      (which, second, steps) => {
        const world = worldOf(plans[which]!);
        runTo(world, second);
        for (let i = 0; i < steps && world.sim.now < 9.9e9; i++) stepEvent(world, testPrograms);
        const copy = structuredClone(checkpoint(world));
        runTo(copy, 10);
        expect(fingerprints(copy)).toEqual(straight[which]!.prints);
        expect(copy.sim.eventsFired).toBe(straight[which]!.events);
        const before = fingerprints(world);
        expect(fingerprints(world)).toEqual(before);
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

test('what the copy does leaves the original alone', () => {
  const world = worldOf(plans[0]!);
  runTo(world, 3);
  const before = { prints: fingerprints(world), now: world.sim.now, commands: commands(world).length };
  runTo(checkpoint(world), 8);
  expect({ prints: fingerprints(world), now: world.sim.now, commands: commands(world).length }).toEqual(
    before,
  );
  expect(worldBytes(world)).toBeGreaterThan(100_000);
});

test('a second workload changes nothing in the draws of the first', () => {
  const alone = worldOf(plans[1]!);
  const second = { ...open(5, 20), name: 'others' };
  const together = worldOf({ ...plans[1]!, more: [second] });
  runTo(alone, 5);
  runTo(together, 5);
  const [mine, same] = [alone.workloads[0]!, together.workloads[0]!];
  expect(together.workloads[1]!.started).toBeGreaterThan(50);
  expect(same.started).toBe(mine.started);
  expect(same.streams).toEqual(mine.streams);
});
