import {
  advance,
  checkpoint,
  createWorld,
  execute,
  haView,
  journalOf,
  view,
  type World,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { preset, presets, type Remedy, type Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

/** A preset, run to a second. */
function run(id: string, seconds: number): World {
  const scenario = preset(id);
  if (!scenario) throw new Error(`no preset ${id}`);
  const created = createWorld(scenario, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  to(created.world, seconds);
  return created.world;
}

/** The dead director of the first preset, with another cache in the router. */
function withRouterCache(arpCache: NonNullable<Scenario['hosts'][number]['arpCache']>): World {
  const scenario = preset('failover-router-keeps-mac');
  if (!scenario) throw new Error('no preset failover-router-keeps-mac');
  const hosts = scenario.hosts.map((host) => (host.role === 'router' ? { ...host, arpCache } : host));
  const created = createWorld({ ...scenario, hosts }, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  return created.world;
}

function to(world: World, seconds: number): void {
  advance(world, programs, (seconds * 1e9) as SimTime);
}

/** Good and failed requests of all workloads while time goes on. */
function felt(world: World, seconds: number): { good: number; failed: number } {
  const count = (): [number, number] => {
    const { workloads } = view(world);
    return [
      workloads.reduce((sum, w) => sum + w.succeeded, 0),
      workloads.reduce((sum, w) => sum + Object.values(w.failures).reduce((a, b) => a + b, 0), 0),
    ];
  };
  const [good, failed] = count();
  to(world, world.sim.now / 1e9 + seconds);
  const [goodThen, failedThen] = count();
  return { good: goodThen - good, failed: failedThen - failed };
}

/**
 * What follows when a remedy is carried out on a copy of the world: `settle` seconds later, over ten
 * seconds.
 */
function after(world: World, remedy: Remedy, settle = 6): { good: number; failed: number; world: World } {
  const copy = checkpoint(world);
  for (const { on, run: line } of remedy.commands) execute(copy, programs, on, line);
  to(copy, copy.sim.now / 1e9 + settle);
  return { ...felt(copy, 6), world: copy };
}

const remediesOf = (id: string): readonly Remedy[] => preset(id)?.remedies ?? [];
const firstOutage = (world: World): number => haView(world).failovers[0]?.outageSeconds ?? 0;

describe('a router that keeps a dead MAC', () => {
  const world = run('failover-router-keeps-mac', 40);

  it('lets nobody through, though heartbeat has taken the address long ago', () => {
    expect(haView(world).addresses[0]?.holders).toEqual(['d2']);
    expect(felt(checkpoint(world), 10).good).toBe(0);
    expect(haView(world).failovers[0]).toMatchObject({ takenBy: 'd2', correctedNs: undefined });
  });

  it.each(remediesOf('failover-router-keeps-mac').map((remedy) => [remedy.title.en, remedy] as const))(
    '%s',
    (_, remedy) => {
      const { good, failed } = after(world, remedy);
      if (remedy.cures) expect({ good: good > 20, failed }).toEqual({ good: true, failed: 0 });
      else expect(good).toBe(0);
    },
  );

  it('does so with the line that lost a blank, which says what is wrong and sends nothing', () => {
    const copy = checkpoint(world);
    const wrong = remediesOf('failover-router-keeps-mac').find(({ cures }) => !cures);
    const { rc } = execute(copy, programs, 'd2', wrong?.commands[0]?.run ?? '');
    expect(rc).not.toBe(0);
  });
});

describe('who announces by himself', () => {
  it.each([
    ['failover-arping-script', 5, 9],
    ['failover-keepalived', 2.5, 5],
    ['failover-virtual-mac', 2.5, 5],
    ['failover-piranha', 4, 9],
    ['failover-ultramonkey', 5, 9],
  ])('%s: the outage is its detection and no more', (id, least, most) => {
    const world = run(id, 60);
    expect(firstOutage(world)).toBeGreaterThan(least);
    expect(firstOutage(world)).toBeLessThan(most);
    expect(haView(world).failovers[0]).toMatchObject({ before: ['d1'], takenBy: 'd2' });
    expect(felt(world, 6)).toMatchObject({ failed: 0 });
  });

  it('a script whose arping lost a blank does not, and hides it', () => {
    const world = run('failover-script-without-blank', 40);
    expect(felt(checkpoint(world), 10).good).toBe(0);
    const { good, failed } = after(world, remediesOf('failover-script-without-blank')[0]!);
    expect(good).toBeGreaterThan(20);
    expect(failed).toBe(0);
  });
});

describe('routers differ', () => {
  it('one that drops gratuitous ARP still believes a question to itself', () => {
    const world = run('failover-no-gratuitous', 40);
    for (const remedy of remediesOf('failover-no-gratuitous')) {
      const { good } = after(world, remedy);
      expect([remedy.title.en, good > 20]).toEqual([remedy.title.en, remedy.cures]);
    }
  });

  it.each([300, 1200])('one that forgets after %d s follows then, and no sooner', (lifetimeSeconds) => {
    const world = withRouterCache({ lifetimeSeconds, learns: 'all' });
    // asked for first when the first client came, dead since 20 s
    to(world, lifetimeSeconds - 5);
    expect(felt(world, 4).good).toBe(0);
    to(world, lifetimeSeconds + 12);
    expect(felt(world, 6)).toMatchObject({ failed: 0 });
    expect(firstOutage(world)).toBeGreaterThan(lifetimeSeconds - 25);
    expect(firstOutage(world)).toBeLessThan(lifetimeSeconds - 5);
  });

  it('one that never forgets never follows', () => {
    const world = withRouterCache({ lifetimeSeconds: 0, learns: 'nothing' });
    to(world, 4000);
    expect(felt(world, 10).good).toBe(0);
    const clear = remediesOf('failover-router-keeps-mac').find(({ title }) => title.en.startsWith('Clear'));
    expect(after(world, clear!).good).toBeGreaterThan(20);
  });

  it('a Linux router finds out by itself, in 3 to 53 seconds after the take-over', () => {
    const world = run('failover-linux-router', 110);
    expect(firstOutage(world)).toBeGreaterThan(3 + 5);
    expect(firstOutage(world)).toBeLessThan(53 + 8);
    expect(felt(world, 6).failed).toBe(0);
  });
});

describe('keepalived', () => {
  it('logs what it does, and gives the address back to the higher priority', () => {
    const world = run('failover-keepalived', 90);
    const log = journalOf(world, 'd2', 'keepalived').map(({ text }) => text);
    expect(log).toContain('(VI_1) Receive advertisement timeout');
    expect(log).toContain(
      '(VI_1) Master received advert from 192.168.1.2 with higher priority 150, ours 100',
    );
    expect(haView(world).daemons.map(({ host, role }) => `${host} ${role}`)).toEqual([
      'd1 MASTER',
      'd2 BACKUP',
    ]);
  });

  it('that is stopped says so with priority 0: the other needs its skew only', () => {
    const world = run('failover-keepalived', 15);
    execute(world, programs, 'd1', 'systemctl stop keepalived');
    to(world, 15.7);
    expect(haView(world).addresses[0]?.holders).toEqual(['d2']);
  });

  it('is DOWN from the moment at which it ended, however that was, until it is started again', () => {
    const world = run('failover-keepalived', 60);
    const d1 = (): readonly [string | undefined, number | undefined] => {
      const one = haView(world).daemons.find(({ host }) => host === 'd1');
      return [one?.role, one && Math.floor(one.sinceNs / 1e9)];
    };
    expect(d1()).toEqual(['DOWN', 20]);
    to(world, 71);
    expect(d1()[0]).not.toBe('DOWN');
    to(world, 80);
    execute(world, programs, 'd1', 'systemctl stop keepalived');
    expect(d1()).toEqual(['DOWN', 80]);
    execute(world, programs, 'd1', 'systemctl start keepalived');
    execute(world, programs, 'd1', 'pkill -KILL keepalived');
    to(world, 90);
    expect(d1()).toEqual(['DOWN', 80]);
  });

  it('whose link goes down is in FAULT, and comes back as backup first', () => {
    const world = run('failover-keepalived', 15);
    execute(world, programs, 'd1', 'ip link set eth0 down');
    to(world, 16);
    expect(haView(world).daemons.find(({ host }) => host === 'd1')?.role).toBe('FAULT');
    execute(world, programs, 'd1', 'ip link set eth0 up');
    to(world, 16.1);
    expect(haView(world).daemons.find(({ host }) => host === 'd1')?.role).toBe('BACKUP');
  });
});

describe('two directors that do not hear each other', () => {
  it.each(['failover-split-brain', 'failover-partition', 'failover-half-dead'])(
    '%s: both hold the address until cured',
    (id) => {
      const world = run(id, 45);
      expect(haView(world).addresses[0]?.holders).toEqual(['d1', 'd2']);
      for (const remedy of remediesOf(id)) {
        const holders = haView(after(world, remedy).world).addresses[0]?.holders ?? [];
        expect([remedy.title.en, holders.length === 1]).toEqual([remedy.title.en, remedy.cures]);
      }
    },
  );

  it('of two holders who announced last has the traffic', () => {
    const world = run('failover-partition', 30);
    const of = (director: string): number =>
      view(world).services.find((one) => one.director === director)?.conns ?? 0;
    const [d1, d2] = [of('d1'), of('d2')];
    to(world, 40);
    expect([of('d1') - d1, of('d2') - d2 > 20]).toEqual([0, true]);
    execute(world, programs, 'd1', 'arping -U -c 1 -I eth0 192.168.1.6');
    to(world, 42);
    const then = of('d2');
    to(world, 52);
    expect([of('d1') - d1 > 20, of('d2') - then]).toEqual([true, 0]);
  });

  it('a half-dead director keeps the traffic, because its kernel answers the router', () => {
    const world = run('failover-half-dead', 80);
    expect(felt(world, 6)).toMatchObject({ failed: 0 });
    expect(view(world).services.find(({ director }) => director === 'd2')?.conns).toBe(0);
  });
});

describe('connections through a fail-over', () => {
  it('are all lost without sync', () => {
    const [report] = haView(run('failover-connections-lost', 60)).failovers;
    expect(report).toMatchObject({ connectionsKept: 0, connectionsLost: 8 });
  });

  it('are all kept with it', () => {
    const [report] = haView(run('failover-connections-kept', 60)).failovers;
    expect(report).toMatchObject({ connectionsKept: 8, connectionsLost: 0 });
  });
});

/** Connections of a server that the director has scheduled to it so far; 0 while it is not in the table. */
const scheduled = (world: World, server: string): number =>
  view(world).services[0]?.servers.find(({ name }) => name === server)?.conns ?? 0;

describe('a fail-over that is set up well and does not help', () => {
  it.each([
    ['failover-cable-pulled', 40, 8],
    ['failover-reboot', 65, 6],
  ])('%s: nobody gets through until cured', (id, seconds, settle) => {
    const world = run(id, seconds);
    expect(haView(world).addresses[0]?.holders).toEqual(id === 'failover-reboot' ? ['d1'] : []);
    expect(felt(checkpoint(world), 10).good).toBe(0);
    for (const remedy of remediesOf(id)) {
      const { good, failed } = after(world, remedy, settle);
      expect([remedy.title.en, good > 20 && failed === 0]).toEqual([remedy.title.en, remedy.cures]);
    }
  });

  it('a master that reboots in an orderly way is followed within a second', () => {
    const world = run('failover-reboot', 45);
    expect(haView(world).failovers[0]).toMatchObject({ before: ['d1'], takenBy: 'd2' });
    expect(firstOutage(world)).toBeLessThan(2);
    expect(felt(world, 4).failed).toBe(0);
  });

  it('shows which cable is pulled, though the other one is in', () => {
    const world = run('failover-cable-pulled', 21);
    expect(view(world)).toMatchObject({ unplugged: [{ host: 'd1', network: 'lan' }], troubled: [] });
    execute(world, programs, 'd1', 'ip link set eth0 up');
    expect(view(world).unplugged).toEqual([]);
  });

  it('below the quorum the sorry server answers, though a server is well', () => {
    const world = run('keepalived-sorry-server', 60);
    const rules = (one: World): string | undefined => execute(one, programs, 'd1', 'ipvsadm -Sn').out;
    expect(rules(world)).toContain('192.168.1.14:80');
    expect(rules(world)).not.toContain('192.168.1.13:80');
    // whoever is in no service is looked at as well
    expect(view(world).troubled).toEqual([
      { host: 'rs1', health: 'refusing' },
      { host: 'rs2', health: 'refusing' },
    ]);
    expect(felt(checkpoint(world), 10)).toMatchObject({ failed: 0 });
    for (const remedy of remediesOf('keepalived-sorry-server')) {
      const { world: then } = after(world, remedy, 25);
      expect([remedy.title.en, scheduled(then, 'rs3') > 0]).toEqual([remedy.title.en, remedy.cures]);
    }
  });
});

describe('weight 0', () => {
  const world = run('ldirectord-quiescent', 90);

  it('leaves the clients of a dead server to be refused for good, with -p', () => {
    expect(view(world).services[0]?.servers.find(({ name }) => name === 'rs1')?.weight).toBe(0);
    expect(felt(checkpoint(world), 20).failed).toBeGreaterThan(20);
  });

  it.each(remediesOf('ldirectord-quiescent').map((remedy) => [remedy.title.en, remedy] as const))(
    '%s',
    (_, remedy) => {
      const { failed } = after(world, remedy, 12);
      expect(failed > 0).toBe(!remedy.cures);
    },
  );

  it('without -p is enough', () => {
    expect(felt(run('ldirectord-quiescent-no-p', 60), 20).failed).toBe(0);
  });
});

it('every remedy of the fail-over presets is carried out on a host that is there', () => {
  for (const { id, group } of presets()) {
    if (group !== 'failover') continue;
    const hosts = preset(id)?.hosts.map(({ name }) => name) ?? [];
    for (const { commands } of remediesOf(id)) for (const { on } of commands) expect(hosts).toContain(on);
  }
});
