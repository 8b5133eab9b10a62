import { drops } from '@lvscope/cluster';
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
  it('that sends redirects loses answers past itself', () => {
    const { succeeded, failures } = watch(runTo(started('topology-one-arm'), 5), 20);
    expect(succeeded).toBeGreaterThan(50);
    expect(failures['timeout']).toBeGreaterThan(10);
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
