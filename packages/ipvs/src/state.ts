import type { Fingerprint, RandomStream } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import type { DecisionRing } from './decision-ring.ts';
import type { KernelProfile } from './kernel-profile.ts';
import type { Verdict } from './packet.ts';
import type { SchedulerContext } from './schedulers/types.ts';
import type { CountedStats, Destination, Service } from './service.ts';
import type { SysctlName } from './sysctl.ts';
import type { SyncDatagram, SyncMaster } from './sync-master.ts';
import type { ConnectionTable } from './table.ts';
import type { KernelWheel } from './kernel-wheel.ts';

/** The scheduler's view of the world; IPVS refreshes it before each decision. */
export type MutableSchedulerContext = { -readonly [K in keyof SchedulerContext]: SchedulerContext[K] };

/** Sysctls as numbers; `sync_threshold` holds the threshold, `sync_period` its second number. */
export type SysctlValues = Record<SysctlName | 'sync_period', number>;

/** One sync daemon (`ipvsadm --start-daemon`). */
export interface SyncDaemon {
  readonly role: 'master' | 'backup';
  readonly interface: string;
  /** 0 to 255. */
  readonly syncId: number;
  /** Bytes of a datagram. */
  readonly maxLength: number;
  /** An IPv4 or IPv6 group; of the latter nothing is simulated but what the list says. */
  readonly group: string;
  /** Of the first thread. */
  readonly port: number;
  readonly ttl: number;
}

/** What --start-daemon may also say; 0 and '' leave it to the kernel. */
export interface SyncOptions {
  readonly maxLength: number;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
  /** Of the interface. */
  readonly mtu: number;
}

/** The three timeouts of `ipvsadm --set`, seconds. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

/** State tables and timeouts of one protocol, ready for the packet path. */
export interface ProtocolTables {
  /** Next state by direction, event and state. */
  table: Uint8Array;
  /** Seconds by state. */
  readonly timeouts: Int32Array;
  /** 1 where a state counts as ActiveConn. */
  readonly active: Uint8Array;
}

/** Which packet comes next for drop_packet, and what the defence strategies do now. */
export interface Defence {
  /** Pages that the owner says are free; what amemthresh is compared with. */
  availablePages: number;
  dropEntryActive: boolean;
  dropRate: number;
  dropCounter: number;
  secureTcp: boolean;
  /** As `todrop_counter` in net/netfilter/ipvs/ip_vs_conn.c: candidates still spared, by inbound packets. */
  readonly spared: Int32Array;
  ticking: boolean;
}

/**
 * One director's IPVS, as plain data. It shares random streams and fingerprints with its simulation: copy
 * both in one
 * `copyState` call.
 */
export interface Ipvs {
  readonly director: number;
  kernel: KernelProfile;
  readonly verdict: Verdict;
  /** Bank of its only timer, which awaits the wheel's next tick. */
  readonly bank: number;
  readonly tickKind: number;
  readonly table: ConnectionTable;
  readonly wheel: KernelWheel;
  /** conn_tab_bits: drop_entry visits a 32nd of 2^bits buckets. */
  readonly tableBits: number;
  /** Creation order. */
  readonly services: Service[];
  /** By id, deleted ones too: old decisions name them. */
  readonly servicesById: Service[];
  /** By id, deleted ones too. */
  readonly destinationsById: Destination[];
  /** Deleted destinations, oldest first. */
  readonly trash: Trashed[];
  trashTicking: boolean;
  readonly lookup: ServiceIndex;
  readonly sysctls: SysctlValues;
  readonly tcp: ProtocolTables;
  readonly sctp: ProtocolTables;
  /** Seconds. */
  udpTimeout: number;
  readonly defence: Defence;
  readonly daemons: SyncDaemon[];
  /** The master daemon at work; undefined where none runs. */
  syncMaster: SyncMaster | undefined;
  syncTicking: boolean;
  /** What the master daemon sends now: whoever calls `tick` sends it. */
  readonly syncOut: SyncDatagram[];
  readonly total: CountedStats;
  readonly ring: DecisionRing;
  readonly context: MutableSchedulerContext;
  readonly dropRandom: RandomStream;
  readonly decisionPrint: Fingerprint;
  readonly timerPrint: Fingerprint;
  /** The kernel's tick counter at simulation time 0: what its coarse timers are rounded by. */
  jiffiesAtStart: number;
  /** When the 2-second estimator folds: every time that leaves this remainder. */
  readonly estimatorPhase: number;
  estimatorTicking: boolean;
  minuteTicking: boolean;
  sweepPending: boolean;
  /** Addresses of the director itself, for cache_bypass. */
  readonly localAddresses: Set<Ipv4>;
  /** Broadcast addresses of the director's networks. */
  readonly localBroadcasts: Set<Ipv4>;
}

/** A deleted destination and what it must still match to be revived (ip_vs_trash_get_dest). */
export interface Trashed {
  readonly destination: Destination;
  /** Text of the service's key. */
  readonly key: string;
}

/** Finds a service without touching an object for each packet. */
export interface ServiceIndex {
  /**
   * By protocol * 2^48 + address * 2^16 + port, where that is below 2^53 (protocol as 0 TCP, 1 UDP, 2
   * SCTP).
   */
  readonly byAddress: Map<number, Service>;
  readonly byMark: Map<number, Service>;
  /** Services of port 0. */
  anyPort: number;
  /** Services of port 21. */
  ftp: number;
  /** IPv4 services; without any the hooks are not registered. */
  ipv4: number;
  /** Found last by address: most packets ask for the same one. */
  recent: Service | undefined;
}
