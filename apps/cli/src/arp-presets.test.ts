import { execute, type World } from '@lvscope/cluster';
import { presets } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { describe, expect, it, vi } from 'vitest';
import {
  believedOwner,
  dropped,
  presetNamed,
  remedied,
  runTo,
  started,
  watch,
} from './testing/preset-worlds.ts';

vi.setConfig({ testTimeout: 60_000 });

const VIP = '192.168.1.6';
const ids = presets()
  .filter(({ group }) => group === 'arp')
  .map(({ id }) => id);

/** Everything is answered, through the director, and stays so when the router asks who has the VIP. */
function works(world: World): boolean {
  execute(world, programs, 'router', 'ip neigh flush dev eth1');
  const { succeeded, failed, bypassed } = watch(world, 15);
  return succeeded > 40 && failed === 0 && bypassed === 0;
}

const worlds = new Map<string, World>();

/** The world of a preset when its trouble has been seen for a while. */
function troubled(id: string): World {
  const world = worlds.get(id) ?? runTo(started(id), 25);
  worlds.set(id, world);
  return world;
}

describe('every remedy of the ARP family', () => {
  const cases = ids.flatMap((id) => presetNamed(id).remedies.map((remedy) => ({ id, remedy })));
  it.each(cases)('$id: $remedy.title.en', ({ id, remedy }) => {
    const { world, errors } = remedied(troubled(id), remedy);
    expect(errors).toEqual([]);
    // what was under way when it was put right may still fail
    runTo(world, 32);
    expect(works(world)).toBe(remedy.cures);
  });
});

describe('with the VIP on lo and no cure', () => {
  it.each(['arp-problem', 'arp-lo-only', 'arp-hidden', 'arp-dummy', 'arp-vip-on-eth0'])(
    '%s: one server gets everything, past the director, and nobody sees an error',
    (id) => {
      const world = started(id);
      const { succeeded, failed, bypassed, served, service } = watch(world, 30);
      expect(succeeded).toBeGreaterThan(100);
      expect(failed).toBe(0);
      expect(bypassed).toBeGreaterThanOrEqual(succeeded);
      expect(service).toMatchObject({ conns: 0, bypassShare: 1 });
      expect(served).toEqual({ rs1: 0, rs2: bypassed });
      expect(believedOwner(world, 'router', VIP)).toBe('rs2');
    },
  );
});

describe('with a cure that is whole', () => {
  it.each(['arp-all', 'arp-eth0', 'arp-arptables', 'arp-redirect'])(
    '%s: the director answers alone, also when it is asked again',
    (id) => {
      const world = started(id);
      const { failed, bypassed, served, service } = watch(world, 30);
      expect({ failed, bypassed }).toEqual({ failed: 0, bypassed: 0 });
      expect(Math.abs((served['rs1'] ?? 0) - (served['rs2'] ?? 0))).toBeLessThan(5);
      expect(service.conns).toBeGreaterThan(100);
      expect(believedOwner(world, 'router', VIP)).toBe('d1');
    },
  );
});

describe('half a cure', () => {
  it('arp_ignore alone lets a server that asks for the router take the VIP for some seconds', () => {
    const world = runTo(started('arp-ignore-alone'), 19.9);
    const { failed, service } = watch(world, 4);
    expect(failed).toBe(0);
    expect(service.bypassShare).toBeGreaterThan(0.6);
    expect(believedOwner(world, 'router', VIP)).toBe('rs1');
    runTo(world, 30);
    expect(believedOwner(world, 'router', VIP)).toBe('d1');
    expect(watch(world, 8)).toMatchObject({ failed: 0, bypassed: 0 });
  });

  it('arp off on eth0 silences a server for its own address too', () => {
    const world = started('arp-off');
    const { succeeded, failures } = watch(world, 30);
    expect(succeeded).toBe(0);
    expect(failures['unreachable']).toBeGreaterThan(50);
    expect(dropped(world, 'd1', 'neighbour-unreachable')).toBeGreaterThan(50);
    expect(believedOwner(world, 'router', VIP)).toBe('d1');
  });
});
