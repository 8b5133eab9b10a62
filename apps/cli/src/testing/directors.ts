import {
  advance,
  createWorld,
  execute,
  type FrameRecord,
  framesSeen,
  hostNamed,
  ipvsOf,
  journalOf,
  keepFrames,
  listNeighbours,
  services,
  type World,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatIpv4, formatMac, PROTO_ICMP } from '@lvscope/inet';
import { preset, type Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';

export const VIP = '192.168.1.6';
/** Frames that are kept: all of a test's. */
const FRAMES = 200_000;

export interface DirectorsPlan {
  /** Files of the n-th director. */
  readonly files?: (n: 1 | 2) => Readonly<Record<string, string>>;
  /** What begins on the n-th director. */
  readonly setup?: (n: 1 | 2) => readonly string[];
  /** true: the directors have the classic rules; else their daemons make them. */
  readonly withRules?: boolean;
  /** true: clients ask, four of them, every half second. */
  readonly asks?: boolean;
  readonly routerCache?: Scenario['hosts'][number]['arpCache'];
}

/** Router, directors d1 and d2, servers rs1 and rs2, frame by frame; nobody asks unless the plan says so. */
export function directors(plan: DirectorsPlan): World {
  const base = preset('failover-router-keeps-mac');
  if (base === undefined) throw new Error('no preset failover-router-keeps-mac');
  const hosts = base.hosts.map((host) => {
    if (host.role === 'router') {
      const { arpCache: _, ...rest } = host;
      return { ...rest, ...(plan.routerCache && { arpCache: plan.routerCache }) };
    }
    if (host.role !== 'director') return host;
    const n = host.name === 'd1' ? 1 : 2;
    const rules = plan.withRules === true ? host.rules : '';
    return { ...host, rules, files: plan.files?.(n) ?? {}, setup: [...(plan.setup?.(n) ?? [])] };
  });
  const created = createWorld({ ...base, hosts, timeline: [] }, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  const { world } = created;
  if (plan.asks !== true) for (const workload of world.workloads) workload.concurrency = 0;
  keepFrames(world.net, FRAMES);
  return world;
}

export function to(world: World, seconds: number): void {
  advance(world, programs, Math.floor(seconds * 1e9) as SimTime);
}

/** A line on a host, which must not fail. */
export function on(world: World, host: string, line: string): void {
  const { rc, err } = execute(world, programs, host, line);
  if (rc !== undefined && rc !== 0) throw new Error(`${host}# ${line}: ${err}`);
}

/** What a unit of a host has logged since a second. */
export const logged = (world: World, host: string, unit: string, since = 0): string[] =>
  journalOf(world, host, unit)
    .filter(({ at }) => at >= since * 1e9)
    .map(({ text }) => text);

/** When it logged something like that, in seconds. */
export const loggedAt = (world: World, host: string, unit: string, what: RegExp): number[] =>
  journalOf(world, host, unit)
    .filter(({ text }) => what.test(text))
    .map(({ at }) => at / 1e9);

/** Frames as they left a host, oldest first. */
function sent(world: World, host: string): FrameRecord[] {
  const ids = new Set(hostNamed(world, host)?.interfaces.map(({ id }) => id));
  return framesSeen(world.net).frames.filter(
    ({ direction, interfaceId }) => direction === 'out' && ids.has(interfaceId),
  );
}

/** Seconds at which a host said on the wire that the VIP is its own, by gratuitous ARP. */
export const announced = (world: World, host: string, kind: 'any' | 'request' | 'reply' = 'any'): number[] =>
  sent(world, host)
    .filter(({ arp }) => {
      if (arp === undefined || arp.senderAddress !== arp.targetAddress) return false;
      if (formatIpv4(arp.senderAddress) !== VIP) return false;
      return kind === 'any' || arp.operation === (kind === 'request' ? 1 : 2);
    })
    .map(({ at }) => at / 1e9);

const VRRP = 112;
/** A segment with this flag alone. */
const SYN = 2;

/** Seconds at which a host's advertisements left, and the MAC that they left from. */
export const adverts = (world: World, host: string): { at: number; mac: string }[] =>
  sent(world, host)
    .filter(({ ip }) => ip?.protocol === VRRP)
    .map(({ at, sourceMac }) => ({ at: at / 1e9, mac: formatMac(sourceMac) }));

/** Seconds at which a host knocked (SYN) or pinged at an address. */
export const asked = (world: World, host: string, address: string): number[] =>
  sent(world, host)
    .filter(({ ip }) => ip !== undefined && formatIpv4(ip.destination) === address)
    .filter(({ ip }) => ip?.flags === SYN || ip?.protocol === PROTO_ICMP)
    .map(({ at }) => at / 1e9);

/** A director's first service as `address weight`, a line a server, in the table's order. */
export function pool(world: World, host: string): string[] {
  const ipvs = ipvsOf(world, host);
  const [service] = ipvs === undefined ? [] : services(ipvs);
  return (service?.destinations ?? []).map(({ address, weight }) => `${formatIpv4(address)} ${weight}`);
}

/** The MAC that a host has for the VIP. */
export function macOf(world: World, host: string, address: string = VIP): string | undefined {
  const of = hostNamed(world, host);
  const rows = of === undefined ? [] : listNeighbours(world, of);
  const row = rows.find((one) => formatIpv4(one.address) === address);
  return row?.mac === undefined ? undefined : formatMac(row.mac);
}
