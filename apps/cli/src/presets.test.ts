import {
  type DecisionRow,
  lastDecisions,
  type ServerView,
  type ServiceView,
  view,
  type World,
} from '@lvscope/cluster';
import { presets } from '@lvscope/scenario';
import { describe, expect, it } from 'vitest';
import { runTo, serviceAt, started } from './testing/preset-worlds.ts';

const until = (world: World, seconds: number): ServiceView => serviceAt(runTo(world, seconds));
const at = (id: string, seconds: number): ServiceView => until(started(id), seconds);

function server(service: ServiceView, name: string): ServerView {
  const found = service.servers.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const jain = (service: ServiceView): number => service.skew?.jain ?? Number.NaN;
const shares = (service: ServiceView): number[] =>
  service.servers.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((each) => each.share);
const failures = (world: World): Readonly<Record<string, number>> => view(world).workloads[0]?.failures ?? {};

/** How many servers each key's connections went to. */
function serversBy(rows: readonly DecisionRow[], key: (row: DecisionRow) => string): number[] {
  const seen = new Map<string, Set<string>>();
  for (const row of rows) {
    const set = seen.get(key(row)) ?? new Set();
    seen.set(key(row), set.add(row.server ?? 'nobody'));
  }
  return [...seen.values()].map((set) => set.size);
}

describe('every preset', () => {
  it.each(presets().map(({ id }) => id))('%s sets up without a command that fails', (id) => {
    const world = started(id);
    const failed = world.commands.filter(({ rc }) => rc !== 0);
    expect(failed.map(({ host, command, err }) => `${host}# ${command}: ${err}`)).toEqual([]);
  });
});

describe('the stress test from one machine', () => {
  it('with -p puts every new connection on one server', () => {
    const service = at('stress-one-source', 90);
    expect(shares(service).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
    expect(jain(service)).toBeLessThan(0.35);
  });

  it('without -p, or from many machines, is spread evenly', () => {
    expect(jain(at('stress-one-source-no-p', 90))).toBeGreaterThan(0.95);
    expect(jain(at('stress-many-sources', 90))).toBeGreaterThan(0.95);
  });

  it('from many machines of one network is one client again with -M 255.255.255.0', () => {
    expect(jain(at('stress-netmask', 90))).toBeLessThan(0.35);
  });

  it('leaves InActConn that hold the loaded server back under wlc when -p goes', () => {
    const world = started('stress-wlc-held-back');
    const loaded = until(world, 59).servers.find(({ share }) => share === 1);
    const after = server(until(world, 150), loaded?.name ?? '');
    expect(after.share).toBeLessThan(0.05);
    expect(after.inactConns).toBeGreaterThan(1000);
  });
});

describe('what a connection is', () => {
  const unevenness = (service: ServiceView): number => {
    const served = service.servers.map(({ requestsServed }) => requestsServed);
    return Math.max(...served) / (served.reduce((sum, n) => sum + n, 0) / served.length);
  };

  it('with KeepAlive On connections are dealt evenly and requests are not', () => {
    const on = at('keepalive-on', 240);
    const off = at('keepalive-off', 240);
    expect(unevenness(off)).toBeLessThan(1.02);
    expect(unevenness(on)).toBeGreaterThan(1.1);
    const active = (service: ServiceView): number =>
      service.servers.reduce((sum, s) => sum + s.activeConns, 0);
    expect(active(on)).toBeGreaterThan(2 * active(off));
  });

  it('a page of many objects from one address reaches all servers', () => {
    const world = started('page-of-objects');
    until(world, 60);
    const rows = lastDecisions(world, 400).filter(({ client }, _, all) => client === all.at(-1)?.client);
    expect(serversBy(rows, ({ client }) => String(client))).toEqual([4]);
  });

  it('--set tcpfin shortens what DR and TUN infer, and leaves NAT alone', () => {
    const world = started('three-methods');
    const before = until(world, 179);
    for (const { inactConns, sockets } of before.servers) {
      expect(inactConns).toBeGreaterThan(1.5 * (sockets?.timeWait ?? 0));
    }
    const after = until(world, 340);
    expect(server(after, 'rs1').inactConns).toBeLessThan(server(before, 'rs1').inactConns / 4);
    expect(server(after, 'rs2').inactConns).toBeLessThan(server(before, 'rs2').inactConns / 4);
    expect(server(after, 'rs3').inactConns).toBeGreaterThan(server(before, 'rs3').inactConns * 0.9);
  });

  it('--set weeds InActConn out faster', () => {
    const world = started('timeouts-set');
    const before = server(until(world, 119), 'rs1').inactConns;
    expect(server(until(world, 330), 'rs1').inactConns).toBeLessThan(before / 8);
  });
});

describe('a server that goes', () => {
  it('by weight 0 keeps its persistent clients until expire_quiescent_template frees them', () => {
    const world = started('weight-0-template');
    expect(server(until(world, 170), 'rs1').share).toBeGreaterThan(0.2);
    expect(server(until(world, 260), 'rs1').share).toBe(0);
  });

  it('dead and quiescent gets its persistent clients sent back to it', () => {
    const world = started('dies-quiescent');
    const rs1 = server(until(world, 200), 'rs1');
    expect(rs1.weight).toBe(0);
    expect(rs1.share).toBeGreaterThan(0.5);
    expect(failures(world)['unreachable']).toBeGreaterThan(100);
  });

  it('dead and removed leaves its clients waiting, not reset, with expire_nodest_conn=0', () => {
    const world = started('dies-removed');
    until(world, 200);
    expect(failures(world)['timeout']).toBeGreaterThan(5);
    expect(failures(world)['reset']).toBe(0);
  });

  it('dead and removed resets its clients with expire_nodest_conn=1', () => {
    const world = started('dies-removed-nodest');
    until(world, 200);
    expect(failures(world)['reset']).toBeGreaterThan(2);
  });

  it('refusing in DR stays busy to wlc, and the clients get the refusals', () => {
    const world = started('refusing-server-wlc');
    const rs1 = server(until(world, 100), 'rs1');
    expect(rs1.activeConns).toBeGreaterThan(0);
    expect(rs1.sockets?.established).toBe(0);
    expect(failures(world)['refused']).toBeGreaterThan(0);
  });

  it('over its threshold is skipped, though nothing of it is active', () => {
    const rs1 = server(at('threshold', 110), 'rs1');
    expect(rs1.overloaded).toBe(true);
    expect(rs1.newConns).toBe(0);
    expect(rs1.activeConns + rs1.inactConns).toBeGreaterThanOrEqual(150);
  });

  it('slow gets less from wlc', () => {
    expect(server(at('slow-server-wlc', 150), 'rs1').share).toBeLessThan(0.2);
  });
});

describe('which scheduler for what', () => {
  it('rr ignores weights, wrr follows them, dh takes one server for one VIP', () => {
    const world = started('ten-schedulers');
    for (const share of shares(until(world, 59))) expect(share).toBeCloseTo(0.25, 1);
    expect(shares(until(world, 119)).map((share) => Math.round(share * 10))).toEqual([1, 2, 3, 4]);
    expect(Math.max(...shares(until(world, 419)))).toBeGreaterThan(0.95);
  });

  it('wlc and wrr give a web site its weights', () => {
    expect(jain(at('web-wlc', 120))).toBeGreaterThan(0.97);
    expect(jain(at('web-wrr', 120))).toBeGreaterThan(0.99);
  });

  it('sed gives the faster server the first request of an idle pool, nq the first idle one', () => {
    expect(jain(at('long-requests-sed', 200))).toBeGreaterThan(0.9);
    const nq = at('long-requests-nq', 200);
    expect(Math.min(...nq.servers.map(({ conns }) => conns))).toBeGreaterThan(0);
  });

  it('lblc and dh keep each destination on one cache', () => {
    for (const id of ['cache-farm-lblc', 'firewalls-dh']) {
      const world = started(id);
      until(world, 60);
      const spread = serversBy(lastDecisions(world, 500), ({ virtual }) => virtual);
      expect(spread.length, id).toBeGreaterThan(20);
      expect(spread.filter((count) => count === 1).length / spread.length, id).toBeGreaterThan(0.95);
    }
  });

  it('lblcr gives a busy destination a second cache', () => {
    const world = started('cache-farm-lblcr');
    until(world, 60);
    const spread = serversBy(lastDecisions(world, 500), ({ virtual }) => virtual);
    expect(spread.some((count) => count > 1)).toBe(true);
  });

  it('sh keeps each client on one server until a weight is edited', () => {
    const world = started('firewalls-sh');
    until(world, 119);
    const before = new Map(lastDecisions(world, 1500).map((row) => [row.client, row.server]));
    expect(Math.max(...serversBy(lastDecisions(world, 1500), ({ client }) => String(client)))).toBe(1);
    until(world, 180);
    const moved = lastDecisions(world, 1500).filter((row) => before.get(row.client) !== row.server);
    expect(moved.length).toBeGreaterThan(300);
  });

  it('one VIP under lblc or dh is no balancing', () => {
    expect(Math.max(...shares(at('one-vip-lblc', 60)))).toBe(1);
    expect(Math.max(...shares(at('one-vip-dh', 60)))).toBe(1);
  });
});

describe('thirty servers behind a 100 Mbit/s director', () => {
  const answered = (id: string): number => {
    const world = started(id);
    until(world, 12);
    const { succeeded, started: begun } = view(world).workloads[0] ?? { succeeded: 0, started: 1 };
    return succeeded / begun;
  };

  it('are too many for NAT and not for DR and TUN', () => {
    expect(answered('capacity-nat')).toBeLessThan(0.8);
    expect(answered('capacity-tun')).toBeGreaterThan(0.97);
    expect(answered('capacity-dr')).toBeGreaterThan(0.97);
  }, 60_000);
});
