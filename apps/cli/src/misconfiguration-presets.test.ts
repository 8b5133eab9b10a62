import { execute, type World, view } from '@lvscope/cluster';
import { presets } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { describe, expect, it, vi } from 'vitest';
import {
  believedOwner,
  dropped,
  presetNamed,
  remedied,
  runTo,
  type Stretch,
  serviceAt,
  started,
  watch,
} from './testing/preset-worlds.ts';

vi.setConfig({ testTimeout: 60_000 });

const ids = presets()
  .filter(({ group }) => group === 'misconfigurations')
  .map(({ id }) => id);

/** The time that nine of ten requests of the last seconds took, milliseconds. */
const slowest = (world: World, seconds: number): number =>
  Math.max(...view(world, seconds).workloads.map(({ latencyMs }) => latencyMs.p90));

/** Presets in which nothing fails, and people wait. */
const SLOW: ReadonlySet<string> = new Set(['wrong-weight', 'slow-link', 'lossy-link']);

const worlds = new Map<string, World>();

/** The world of a preset when its trouble has been seen for a while. */
function troubled(id: string): World {
  const world = worlds.get(id) ?? runTo(started(id), 22);
  worlds.set(id, world);
  return world;
}

/** Whether all requests of some seconds were answered, through the director, and soon. */
function works(id: string, world: World): boolean {
  const { succeeded, failed, bypassed } = watch(world, 20);
  if (SLOW.has(id) && slowest(world, 20) > 300) return false;
  return succeeded > 60 && failed === 0 && bypassed === 0;
}

describe('every remedy of a misconfiguration', () => {
  const cases = ids.flatMap((id) => presetNamed(id).remedies.map((remedy) => ({ id, remedy })));
  it.each(cases)('$id: $remedy.title.en', ({ id, remedy }) => {
    const { world, errors } = remedied(troubled(id), remedy);
    expect(errors).toEqual([]);
    // what was under way when it was put right may still fail; a queue has to be worked off
    runTo(world, SLOW.has(id) ? 50 : 29);
    expect(works(id, world)).toBe(remedy.cures);
  });
});

/** What is seen of a preset in its first 22 seconds. */
function seen(id: string): Stretch & { readonly world: World } {
  const world = started(id);
  return { ...watch(world, 22), world };
}

const half = (stretch: Stretch): number => stretch.succeeded / (stretch.succeeded + stretch.failed);

describe('NAT', () => {
  it('from a server whose gateway is the router, the answer comes from a stranger and is reset', () => {
    const stretch = seen('nat-gateway');
    expect(stretch.served['rs1']).toBe(0);
    expect(stretch.failures['timeout']).toBeGreaterThan(30);
    expect(dropped(stretch.world, 'client', 'no-listener')).toBeGreaterThan(60);
    const rs1 = stretch.service.servers.find(({ name }) => name === 'rs1');
    expect(rs1?.activeConns).toBe(rs1?.conns);
  });

  it('serves clients from outside, and none on the servers’ own segment', () => {
    const { answered, failures, world } = seen('nat-same-segment');
    expect(answered['visitors']).toBeGreaterThan(80);
    expect(answered['insider']).toBe(0);
    expect(failures['timeout']).toBeGreaterThan(30);
    expect(dropped(world, 'insider', 'no-listener')).toBeGreaterThan(60);
  });

  it('without ip_forward lets requests in and no answer out', () => {
    const { succeeded, failures, world } = seen('nat-forward-off');
    expect(succeeded).toBe(0);
    expect(failures).toMatchObject({ refused: 0, reset: 0, unreachable: 0 });
    expect(dropped(world, 'd1', 'not-local')).toBeGreaterThan(300);
  });

  it('with a wrong weight fills the weak server’s queue while the strong one idles', () => {
    const { service, failed } = seen('wrong-weight');
    expect(failed).toBe(0);
    const [weak, strong] = ['rs2', 'rs1'].map((name) => service.servers.find((one) => one.name === name));
    expect(weak).toMatchObject({ workersBusy: 2, workers: 2 });
    expect(weak?.activeConns).toBeGreaterThan(20);
    expect(strong?.activeConns).toBeLessThan(3);
  });

  it('edited without -m becomes Route', () => {
    const id = 'wrong-weight';
    const remedy = presetNamed(id).remedies.find(({ cures }) => !cures);
    if (remedy === undefined) throw new Error('no such remedy');
    const { world } = remedied(runTo(started(id), 2), remedy);
    expect(serviceAt(world).servers.map(({ method }) => method)).toEqual(['Route', 'Route']);
  });
});

describe('DR', () => {
  it('ignores the port of a real server: what listens elsewhere refuses', () => {
    const stretch = seen('port-of-server');
    expect(half(stretch)).toBeCloseTo(0.5, 1);
    expect(stretch.failures['refused']).toBe(stretch.failed);
    expect(stretch.service.servers.map(({ name, port }) => `${name}:${port}`)).toEqual([
      'rs2:8080',
      'rs1:80',
    ]);
    expect(dropped(stretch.world, 'rs1', 'no-listener')).toBe(stretch.failed);
  });

  it('to a server without the VIP ends there in silence', () => {
    const stretch = seen('dr-no-vip');
    expect(stretch.failures['timeout']).toBe(stretch.failed);
    expect(dropped(stretch.world, 'rs1', 'not-local')).toBeGreaterThan(60);
  });

  it('to a server that has the VIP as /24 on lo fails for neighbours only', () => {
    const { answered, failures, served, world } = seen('vip-netmask');
    expect(answered['visitors']).toBeGreaterThan(80);
    expect(failures['timeout']).toBeGreaterThan(10);
    expect(answered['intranet']).toBeLessThan(45);
    expect(served['rs1']).toBeLessThan(served['rs2'] ?? 0);
    const { out } = execute(world, programs, 'rs1', 'ip route get 192.168.1.101');
    expect(out).toContain('local 192.168.1.101 dev lo');
  });

  it('to a server behind a router goes round until its TTL is used up', () => {
    const stretch = seen('dr-behind-router');
    expect(half(stretch)).toBeCloseTo(0.5, 1);
    expect(stretch.failures['unreachable']).toBe(stretch.failed);
    expect(dropped(stretch.world, 'd1', 'ttl-exceeded')).toBe(stretch.failed);
  });

  it('with a second owner of the VIP never reaches the director', () => {
    const { succeeded, failures, failed, service, world } = seen('duplicate-vip');
    expect(succeeded).toBe(0);
    expect(failures['refused']).toBe(failed);
    expect(service.conns).toBe(0);
    expect(believedOwner(world, 'router', '192.168.1.6')).toBe('old');
  });
});

describe('TUN', () => {
  it('to a server without tunl0 is refused by ICMP, one a second', () => {
    const stretch = seen('tun-no-tunl0');
    expect(stretch.served['rs1']).toBe(0);
    expect(stretch.failures['refused']).toBeGreaterThan(15);
    expect(stretch.failures['refused']).toBeLessThan(30);
    expect(dropped(stretch.world, 'rs1', 'no-tunnel')).toBeGreaterThan(60);
  });

  it('with rp_filter is dropped in silence', () => {
    const stretch = seen('tun-rp-filter');
    expect(stretch.served['rs1']).toBe(0);
    expect(stretch.failures['timeout']).toBe(stretch.failed);
    expect(dropped(stretch.world, 'rs1', 'rp-filter')).toBeGreaterThan(60);
  });

  it('lets small requests through and hangs uploads whose client is deaf to ICMP', () => {
    const { answered, failures, world } = seen('tun-mtu');
    expect(answered['visitors']).toBeGreaterThan(80);
    expect(answered['uploads']).toBe(0);
    expect(failures['timeout']).toBeGreaterThan(20);
    expect(dropped(world, 'd1', 'too-big')).toBe(dropped(world, 'client', 'filter-input'));
  });
});

describe('a link', () => {
  it.each(['slow-link', 'lossy-link'])(
    '%s: nobody fails, somebody waits, and rr sees nothing of it',
    (id) => {
      const { failed, service, world } = seen(id);
      expect(failed).toBe(0);
      expect(slowest(world, 20)).toBeGreaterThan(500);
      const [a = 0, b = 0] = service.servers.map(({ conns }) => conns);
      expect(Math.abs(a - b)).toBeLessThanOrEqual(1);
    },
  );
});
