import { describe, expect, it } from 'vitest';
import { type BeliefHistory, beliefs, type HostBelief } from './beliefs.ts';
import { checkpoint } from './checkpoint.ts';
import { execute } from './execute.ts';
import { closed, constant, runTo, VIP, worldOf } from './testing/cluster.ts';
import { testPrograms } from './testing/programs.ts';
import type { World } from './world.ts';

function lab(): World {
  const workload = closed(1, 1, { thinkSeconds: constant(0.5) });
  return worldOf({ method: 'dr', service: '-s rr', workload, detail: 'packet' });
}

function ofVip(world: World): BeliefHistory {
  const found = beliefs(world).find((one) => one.address === VIP);
  if (found === undefined) throw new Error('nobody watches the VIP');
  return found;
}

function row(world: World, host: string): HostBelief {
  const found = ofVip(world).rows.find((one) => one.host === host);
  if (found === undefined) throw new Error(`${host} has no row`);
  return found;
}

describe('who believes what', () => {
  it('shows how the router learns the director’s MAC, and when', () => {
    const world = lab();
    runTo(world, 3);
    const changes = row(world, 'router').changes;
    expect(changes.map((change) => change.state)).toEqual(['INCOMPLETE', 'REACHABLE']);
    expect(changes[0]).toMatchObject({ mac: undefined, owner: undefined });
    expect(changes[1]).toMatchObject({ owner: 'd1' });
    expect(changes[1]!.atNs).toBeLessThan(1e9);
  });

  it('says which hosts have the address themselves and ask nobody', () => {
    const world = lab();
    runTo(world, 1);
    expect(row(world, 'rs1')).toMatchObject({ own: 'lo', changes: [] });
    expect(row(world, 'd1').own).toBe('eth0');
  });

  it('knows from when on nobody holds the address, though the router still believes', () => {
    const world = lab();
    runTo(world, 2);
    execute(world, testPrograms, 'd1', 'ip link set eth0 down');
    runTo(world, 3);
    expect(ofVip(world).holders).toEqual([
      { atNs: 0, hosts: ['d1'] },
      { atNs: 2e9, hosts: [] },
    ]);
    expect(row(world, 'router').changes.at(-1)).toMatchObject({ owner: 'd1' });
  });

  it('is the same in a world that was copied', () => {
    const world = lab();
    runTo(world, 2);
    const copy = checkpoint(world);
    runTo(world, 40);
    runTo(copy, 40);
    expect(beliefs(copy)).toEqual(beliefs(world));
  });

  it('has no rows at connection level, where nobody asks', () => {
    const world = worldOf({ method: 'dr', service: '-s rr', workload: closed(1, 1) });
    runTo(world, 1);
    expect(ofVip(world)).toMatchObject({ rows: [], holders: [] });
  });
});
