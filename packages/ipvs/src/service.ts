import type { Ipv4 } from '@lvscope/inet';
import type { SimTime } from '@lvscope/des';
import type { SchedulerName, SchedulerState } from './schedulers/types.ts';

/** What a packet is matched against. IPv6 services are stored and listed, not simulated. */
export type ServiceKey =
  | { readonly kind: 'address'; readonly protocol: number; readonly address: Ipv4; readonly port: number }
  | { readonly kind: 'address6'; readonly protocol: number; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: 4 | 6 };

/** Scheduler flags of `-b`, bits as in uapi/linux/ip_vs.h shifted to start at 1. */
export const SCHED_FLAG_1 = 1; // sh-fallback, mh-fallback
export const SCHED_FLAG_2 = 2; // sh-port, mh-port
export const SCHED_FLAG_3 = 4;

/** Counters as `--stats` shows them; plain integers below 2^53. */
export interface Stats {
  conns: number;
  inPackets: number;
  outPackets: number;
  inBytes: number;
  outBytes: number;
}

/** What `ipvsadm -L --stats` prints: folded in every 2 s by the estimator, minus what `-Z` subtracted. */
export interface CountedStats {
  /** Live counters. */
  readonly live: Stats;
  /** Live counters as of the last fold (the 2-second timer). */
  readonly folded: Stats;
  /** Subtracted since the last `-Z`. */
  readonly zeroed: Stats;
  /** Estimator registers (net/netfilter/ipvs/ip_vs_est.c): cps, inpps, outpps, inbps, outbps. */
  readonly rates: Stats;
}

/** A real server of a service. Objects survive deletion in the trash while connections refer to them. */
export interface Destination {
  /** Unique in this director for its life. */
  readonly id: number;
  /** The service that it belongs, or last belonged, to; revival from the trash can change it. */
  serviceId: number;
  readonly address: Ipv4;
  /** Text of an IPv6 address, where it is one. */
  readonly address6: string | undefined;
  readonly port: number;
  /** FORWARD_MASQ, FORWARD_TUNNEL or FORWARD_ROUTE as configured. */
  method: number;
  tunnel: TunnelOptions | undefined;
  /**
   * The method of the first packet for it since it was added or edited, -1 for none yet: all that follow
   * take the route that was looked up then (dest_dst). One that NAT or a tunnel looked up leads a packet with
   * the virtual address, of direct routing, to that address and not to the server.
   */
  routeMadeBy: number;
  /** What the host counted of changes of its routes then: after one the route is looked up anew. */
  routeMadeAt: number;
  weight: number;
  /** Last non-zero weight, or the weight at add time; mh's table uses it. */
  lastWeight: number;
  upperThreshold: number;
  lowerThreshold: number;
  /** false once deleted (in the trash). */
  available: boolean;
  overloaded: boolean;
  activeConns: number;
  inactConns: number;
  /** Templates bound to it. */
  persistConns: number;
  /** Connections, templates and scheduler caches that refer to it. */
  references: number;
  /** In the trash: since when nothing refers to it; NEVER while something does. */
  idleSince: SimTime;
  readonly stats: CountedStats;
  /** What of its live counters its service and the total have got already (`settleCounters`). */
  readonly settled: Stats;
}

export interface TunnelOptions {
  readonly type: 'ipip' | 'gue' | 'gre';
  readonly port: number;
  readonly checksum: 'nocsum' | 'csum' | 'remcsum';
}

/** A virtual service. `destinations` is in the kernel's order: newest first. */
export interface Service {
  readonly id: number;
  readonly key: ServiceKey;
  scheduler: SchedulerName;
  schedulerFlags: number;
  /** Plain data owned by the scheduler. */
  schedulerState: SchedulerState;
  /** `-p`, seconds; 0 = not persistent. */
  persistenceSeconds: number;
  /** `-M` for IPv4. */
  netmask: Ipv4;
  /** `-M` for IPv6. */
  prefixLength: number;
  persistenceEngine: 'sip' | undefined;
  onePacket: boolean;
  readonly destinations: Destination[];
  readonly stats: CountedStats;
  /** By what number the decision ring knows its servers and weights; -1 when they have changed since. */
  recordedList: number;
}
