import { formatIpv4, ipv4 } from '@lvscope/inet';
import { beliefs, type HostBelief } from '../beliefs.ts';
import type { FailoverReport, HaDaemonView, HaView, OutageView } from '../view.ts';
import type { World } from '../world.ts';
import { lastHolders } from './moves.ts';
import type { TakeOver } from './state.ts';

const nameOf = (world: World, host: number): string => world.net.hosts[host]!.name;

/** The state of high availability, and what has come of each fail-over so far. */
export function haView(world: World): HaView {
  const { ha } = world;
  const addresses = [...ha.watched].map((address) => {
    const holders = lastHolders(world, address).map((host) => nameOf(world, host));
    return { address: formatIpv4(ipv4(address)), holders, splitBrain: holders.length > 1 };
  });
  return {
    daemons: daemonViews(world),
    roles: ha.roles.map(({ at, host, daemon, name, role }) => ({ atNs: at, host, daemon, name, role })),
    addresses,
    outages: outageViews(world),
    failovers: ha.takeOvers.map((one) => report(world, one)),
  };
}

/** The last role of each daemon and instance. */
function daemonViews(world: World): HaDaemonView[] {
  const last = new Map<string, HaDaemonView>();
  for (const { at, host, daemon, name, role, priority } of world.ha.roles) {
    last.set(`${host} ${daemon} ${name}`, { host, daemon, name, role, sinceNs: at, priority });
  }
  return [...last.values()];
}

function outageViews(world: World): OutageView[] {
  const views: OutageView[] = world.ha.outages.map(({ workload, from, to, failed }) => ({
    workload: world.workloads[workload]!.name,
    fromNs: from,
    toNs: to,
    over: true,
    failedRequests: failed,
  }));
  for (const [i, { since, failed }] of world.ha.trouble.entries()) {
    if (since < 0) continue;
    const name = world.workloads[i]!.name;
    views.push({ workload: name, fromNs: since, toNs: world.sim.now, over: false, failedRequests: failed });
  }
  return views;
}

/** From before a fail-over to this long after it, an outage is put down to it. */
const CAUSED_NS = 30e9;

function report(world: World, one: TakeOver): FailoverReport {
  const next = world.ha.takeOvers.find(({ at, address }) => at > one.at && address === one.address);
  const end = next?.at ?? Number.POSITIVE_INFINITY;
  const caused = outageViews(world).filter(
    ({ fromNs, toNs }) => toNs > one.at && fromNs < Math.min(end, Math.max(one.at, one.takenAt) + CAUSED_NS),
  );
  const longest = caused.reduce((most, { fromNs, toNs }) => Math.max(most, toNs - fromNs), 0);
  const over = caused.length > 0 && caused.every((outage) => outage.over);
  const lastGood = caused.reduce((latest, { toNs }) => Math.max(latest, toNs), 0);
  const noticed = world.ha.roles.find(({ at, role }) => at >= one.at && at < end && role === 'MASTER');
  return {
    address: formatIpv4(ipv4(one.address)),
    atNs: one.at,
    before: one.before.map((host) => nameOf(world, host)),
    detectedNs: noticed?.at,
    takenNs: one.takenAt < 0 ? undefined : one.takenAt,
    takenBy: one.takenBy < 0 ? undefined : nameOf(world, one.takenBy),
    correctedNs: corrected(world, one),
    firstGoodNs: over ? lastGood : undefined,
    outageSeconds: longest / 1e9,
    connectionsKept: one.kept.size,
    connectionsLost: one.lost,
    failedRequests: caused.reduce((sum, { failedRequests }) => sum + failedRequests, 0),
  };
}

/** When the last router that had it wrong had it right again. */
function corrected(world: World, one: TakeOver): number | undefined {
  if (one.takenAt < 0) return undefined;
  const taker = nameOf(world, one.takenBy);
  const history = beliefs(world).find(({ address }) => address === formatIpv4(ipv4(one.address)));
  let latest: number | undefined;
  for (const { host, changes } of history?.rows ?? []) {
    if (world.net.hostByName.get(host)?.role !== 'router' || changes.length === 0) continue;
    const then = changes.findLast(({ atNs }) => atNs <= one.takenAt);
    const at = then?.owner === taker ? one.takenAt : firstWith(changes, one.takenAt, taker);
    if (at === undefined) return undefined;
    latest = Math.max(latest ?? 0, at);
  }
  return latest;
}

const firstWith = (changes: HostBelief['changes'], from: number, owner: string): number | undefined =>
  changes.find((change) => change.atNs > from && change.owner === owner)?.atNs;
