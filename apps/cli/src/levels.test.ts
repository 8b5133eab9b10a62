import { advance, createWorld, view } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { type PresetEntry, presets, type Scenario, type TimelineEntry } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { describe, expect, it, vi } from 'vitest';
import { presetNamed } from './testing/preset-worlds.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What came of a preset: connections by server of each service, and requests by workload. */
interface Outcome {
  readonly connections: readonly number[];
  readonly requests: readonly { readonly started: number; readonly good: number; readonly failed: number }[];
}

/** Presets about what only frames have. Each must come out differently without them. */
const FRAMES_ALONE: Readonly<Record<string, string>> = {
  'arp-problem': 'who answers for the VIP first has it',
  'arp-lo-only': 'who answers for the VIP first has it',
  'arp-ignore-alone': 'a server announces the VIP by its own questions',
  'arp-hidden': 'who answers for the VIP first has it',
  'arp-dummy': 'who answers for the VIP first has it',
  'arp-off': 'nobody answers for an interface without ARP',
  'arp-vip-on-eth0': 'who answers for the VIP first has it',
  'topology-one-arm': 'redirects are sent at packet level alone',
  'duplicate-vip': 'who answers for the VIP first has it',
  'tun-rp-filter': 'rp_filter looks at packet level alone',
  'failover-router-keeps-mac': 'the router keeps a dead MAC',
  'failover-arping-script': 'the router keeps a dead MAC until it hears another',
  'failover-script-without-blank': 'the router keeps a dead MAC',
  'failover-no-gratuitous': 'the router keeps a dead MAC',
  'failover-linux-router': 'the router keeps a dead MAC until its probes are in vain',
  'failover-cable-pulled': 'the router keeps a dead MAC until its probes are in vain',
  'failover-piranha': 'the router keeps a dead MAC until it hears another',
  'failover-ultramonkey': 'the router keeps a dead MAC until it hears another',
  'failover-connections-lost': 'the router keeps a dead MAC until it hears another',
  'failover-connections-kept': 'the router keeps a dead MAC until it hears another',
};

const FIRST_COME =
  'which of two clients that come within microseconds is first decides for both, as long as templates live';
const QUEUES = 'a frame waits for the one before it at every hop, a packet on all of its way once';

const LOSSES = 'losses are drawn for every frame, so that others are lost';

/** Presets where microseconds or draws decide: how far servers' connections, and requests, may differ. */
const LOOSE: Readonly<
  Record<string, { readonly because: string; readonly by: number; readonly share: number }>
> = {
  'stress-many-sources': { because: FIRST_COME, by: 10, share: 0.01 },
  'weight-0-template': { because: FIRST_COME, by: 75, share: 0.001 },
  'dies-quiescent': { because: FIRST_COME, by: 1, share: 0.02 },
  'dies-removed': { because: FIRST_COME, by: 1, share: 0.005 },
  'dies-removed-nodest': { because: FIRST_COME, by: 1, share: 0.03 },
  'lossy-link': { because: LOSSES, by: 0, share: 0.1 },
  'capacity-nat': { because: QUEUES, by: 1, share: 0.03 },
  'capacity-tun': { because: QUEUES, by: 1, share: 0.06 },
  'capacity-dr': { because: QUEUES, by: 1, share: 0.06 },
};

/** A second for everybody to get to know his neighbours, so that no first packet waits for ARP. */
function acquainted(scenario: Scenario): Scenario {
  const greetings: TimelineEntry[] = [];
  for (const host of scenario.hosts.filter(({ role }) => role === 'router' || role === 'director')) {
    const networks = new Set(host.interfaces.map(({ network }) => network).filter((name) => name !== ''));
    for (const { name, interfaces } of scenario.hosts) {
      if (name === host.name) continue;
      for (const { network, addresses } of interfaces.filter((nic) => networks.has(nic.network))) {
        const [address = ''] = (addresses[0] ?? '').split('/');
        if (network !== '') greetings.push({ atSeconds: 0, on: host.name, run: `ping -c 1 ${address}` });
      }
    }
  }
  for (const { on, targets } of scenario.workloads) {
    for (const target of targets) {
      greetings.push({ atSeconds: 0.5, on, run: `ping -c 1 ${target.split(':')[0]}` });
    }
  }
  return {
    ...scenario,
    timeline: [...greetings, ...scenario.timeline],
    workloads: scenario.workloads.map((one) => ({ ...one, startSeconds: one.startSeconds + 1 })),
  };
}

/** Seconds: what happens in a preset of few packets is seen out, of the others their beginning. */
function horizonOf({ group }: PresetEntry, { detail, timeline, durationSeconds }: Scenario): number {
  const last = timeline.at(-1)?.atSeconds ?? 0;
  if (detail === 'packet') return Math.min(durationSeconds, Math.max(6, last + 10));
  if (group === 'removal') return Math.min(durationSeconds, last + 10);
  return group === 'capacity' ? 2 : 4;
}

function outcome(scenario: Scenario, detail: Scenario['detail'], seconds: number): Outcome {
  const created = createWorld({ ...acquainted(scenario), detail }, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  advance(created.world, programs, (seconds * 1e9) as SimTime);
  const { services, workloads } = view(created.world);
  return {
    connections: services.flatMap(({ servers }) => servers.map(({ conns }) => conns)),
    requests: workloads.map(({ started, succeeded, failures }) => ({
      started,
      good: succeeded,
      failed: Object.values(failures).reduce((sum, n) => sum + n, 0),
    })),
  };
}

function bothLevels(entry: PresetEntry): { connection: Outcome; packet: Outcome } {
  const scenario = presetNamed(entry.id);
  const seconds = horizonOf(entry, scenario);
  return {
    connection: outcome(scenario, 'connection', seconds),
    packet: outcome(scenario, 'packet', seconds),
  };
}

const named = (entries: readonly PresetEntry[]) => entries.map((entry) => [entry.id, entry] as const);
const exact = presets().filter(({ id }) => !(id in FRAMES_ALONE) && !(id in LOOSE));

describe('packet for packet or connection by connection, a preset comes to the same', () => {
  it.each(named(exact))('%s', (_, entry) => {
    const { connection, packet } = bothLevels(entry);
    expect(packet).toEqual(connection);
    expect(packet.requests.some(({ started }) => started > 0)).toBe(true);
  });
});

describe('where microseconds or draws decide, it comes to nearly the same', () => {
  it.each(named(presets().filter(({ id }) => id in LOOSE)))('%s', (id, entry) => {
    const { connection, packet } = bothLevels(entry);
    const { by, share } = LOOSE[id]!;
    for (const [i, count] of packet.connections.entries()) {
      expect(Math.abs(count - connection.connections[i]!)).toBeLessThanOrEqual(by);
    }
    for (const [i, { started, good }] of packet.requests.entries()) {
      const other = connection.requests[i]!;
      expect(Math.abs(started - other.started)).toBeLessThanOrEqual(share * started);
      expect(Math.abs(good - other.good)).toBeLessThanOrEqual(share * good);
    }
    // one that comes to the same belongs among the exact ones
    expect(packet).not.toEqual(connection);
  });
});

describe('what only frames have is not seen without them', () => {
  it.each(named(presets().filter(({ id }) => id in FRAMES_ALONE)))('%s', (_, entry) => {
    const { connection, packet } = bothLevels(entry);
    expect(packet).not.toEqual(connection);
    expect(presetNamed(entry.id).detail).toBe('packet');
  });

  it('and nothing is listed that is not there', () => {
    const ids = presets().map(({ id }) => id);
    for (const id of [...Object.keys(FRAMES_ALONE), ...Object.keys(LOOSE)]) expect(ids).toContain(id);
  });
});
