import { drops, framesSeen, hostNamed, keepFrames, type World } from '@lvscope/cluster';
import { presets } from '@lvscope/scenario';
import { describe, expect, it, vi } from 'vitest';
import { believedOwner, presetNamed, remedied, runTo, started, watch } from './testing/preset-worlds.ts';

vi.setConfig({ testTimeout: 60_000 });

const ids = presets()
  .filter(({ group }) => group === 'topologies')
  .map(({ id }) => id);

describe('the cablings', () => {
  it.each(ids.filter((id) => id !== 'topology-one-arm'))('%s: every request is answered, evenly', (id) => {
    const world = started(id);
    const { succeeded, failed, bypassed, served } = watch(world, 15);
    expect(succeeded).toBeGreaterThan(60);
    expect({ failed, bypassed, drops: drops(world) }).toEqual({ failed: 0, bypassed: 0, drops: [] });
    const counts = Object.values(served);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(4);
  });

  it('a client on the servers’ segment asks for the VIP itself, and believes the director', () => {
    const world = runTo(started('topology-dr-neighbours'), 5);
    expect(believedOwner(world, 'intranet', '192.168.1.6')).toBe('d1');
    expect(watch(world, 10).answered['intranet']).toBeGreaterThan(15);
  });
});

describe('a one-armed NAT director', () => {
  /** Clients to whom a server has learnt to answer past the director. */
  const learntBy = (world: World, server: string): number =>
    [...(hostNamed(world, server)?.exceptions.values() ?? [])].filter(({ gateway }) => gateway !== 0).length;

  it('that sends redirects loses answers past itself, of some clients at some servers', () => {
    const world = runTo(started('topology-one-arm'), 15);
    const { succeeded, failures, failed } = watch(world, 60);
    expect(succeeded).toBeGreaterThan(200);
    expect(failures['timeout']).toBe(failed);
    // eight clients at two servers: a recorded kernel's servers learnt three pairs of 16
    expect([learntBy(world, 'rs1'), learntBy(world, 'rs2')]).toEqual([0, 2]);
    expect(failed / (succeeded + failed)).toBeGreaterThan(0.1);
    expect(failed / (succeeded + failed)).toBeLessThan(0.2);
  });

  it('tells each server nine times and then no more', () => {
    const world = started('topology-one-arm');
    keepFrames(world.net, 200_000);
    runTo(world, 60);
    for (const server of ['rs1', 'rs2']) {
      const nics = new Set(hostNamed(world, server)?.interfaces.map(({ id }) => id));
      const told = framesSeen(world.net).frames.filter(
        ({ direction, interfaceId, ip }) => direction === 'in' && nics.has(interfaceId) && ip?.icmpType === 5,
      );
      expect([server, told.length]).toEqual([server, 9]);
      const waits = told.slice(1).map(({ at }, i) => at - told[i]!.at);
      for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThan(20e6 * 2 ** (i + 1));
    }
  });

  it.each(presetNamed('topology-one-arm').remedies)('$title.en', (remedy) => {
    const { world, errors } = remedied(runTo(started('topology-one-arm'), 20), remedy);
    expect(errors).toEqual([]);
    runTo(world, 27);
    const { succeeded, failed } = watch(world, 12);
    expect(succeeded).toBeGreaterThan(30);
    expect(failed === 0).toBe(remedy.cures);
  });
});
