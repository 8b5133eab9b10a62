import type { SimTime } from '@lvscope/des';

/** TCP sockets of a host by state, as `ss -s` would count them. */
export interface SocketCounts {
  readonly established: number;
  readonly synSent: number;
  readonly synRecv: number;
  readonly finWait1: number;
  readonly finWait2: number;
  readonly timeWait: number;
  readonly closeWait: number;
  readonly lastAck: number;
  readonly closing: number;
}

export type ServerHealth = 'up' | 'link-down' | 'refusing' | 'hung' | 'off';

/** One real server of one service: what the director believes beside what the host has. */
export interface ServerView {
  /** Host name, or the address where no host has it. */
  readonly name: string;
  readonly host: string | undefined;
  readonly destinationId: number;
  /** Its columns of the series: this director's, then those of directors that have the same service. */
  readonly seriesKeys: readonly string[];
  readonly address: string;
  readonly port: number;
  readonly method: 'Masq' | 'Local' | 'Tunnel' | 'Route';
  readonly weight: number;
  readonly overloaded: boolean;
  /** `-x` and `-y`; 0 = none. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  // what the director believes
  readonly activeConns: number;
  readonly inactConns: number;
  readonly persistConns: number;
  /** Connections scheduled to it since the start. */
  readonly conns: number;
  /** New connections in the window. */
  readonly newConns: number;
  /** Share of the service's new connections in the window, 0 to 1. */
  readonly share: number;
  /** Share that its weight promises, 0 to 1. */
  readonly fairShare: number;
  // what the host has
  readonly sockets: SocketCounts | undefined;
  readonly workersBusy: number;
  readonly workers: number;
  readonly acceptQueue: number;
  readonly requestsServed: number;
  readonly health: ServerHealth;
}

/** Skew of new connections divided by weight over the window; undefined without new connections. */
export interface Skew {
  readonly maxOverMean: number;
  readonly coefficientOfVariation: number;
  /** Jain's index, 1/n to 1. */
  readonly jain: number;
}

export interface ServiceView {
  readonly id: number;
  readonly director: string;
  /** `TCP 192.168.1.6:80` or `FWM 1` */
  readonly label: string;
  /** `-t 192.168.1.6:80`, `-u …`, `-f 1`: how ipvsadm names it. */
  readonly option: string;
  readonly scheduler: string;
  readonly schedulerFlags: readonly string[];
  readonly persistenceSeconds: number;
  readonly netmask: string;
  readonly onePacket: boolean;
  readonly persistenceEngine: 'sip' | undefined;
  /** In the kernel's order, newest first. */
  readonly servers: readonly ServerView[];
  readonly skew: Skew | undefined;
  readonly conns: number;
  /**
   * TCP connections that real servers accepted at its address and that no director has: their clients (or the
   * router) took a server's MAC for the virtual address's. Packet level only.
   */
  readonly bypassed: number;
  /** Share of those among the connections of the window, 0 to 1; 0 where there were none. */
  readonly bypassShare: number;
}

/** Of one workload, in the window and since the start. */
export interface WorkloadView {
  readonly name: string;
  readonly kind: 'closed' | 'open';
  readonly sources: number;
  readonly keepAlive: boolean;
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly started: number;
  readonly succeeded: number;
  /** By kind: refused, reset, timeout, unreachable, ports-exhausted. */
  readonly failures: Readonly<Record<string, number>>;
  readonly requestsPerSecond: number;
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
}

/** A command that was carried out: a flag on the timeline. */
export interface CommandRecord {
  readonly at: SimTime;
  readonly host: string;
  readonly command: string;
  /** Exit code; undefined while it goes on. */
  readonly rc: number | undefined;
  readonly out: string;
  readonly err: string;
  readonly origin: 'setup' | 'timeline' | 'user' | 'daemon';
}

/** A daemon of high availability on a director, and what it takes itself for. */
export interface HaDaemonView {
  readonly host: string;
  readonly daemon: string;
  /** Of the VRRP instance, or of the node whose resources these are. */
  readonly name: string;
  /** MASTER, BACKUP, FAULT, INIT; DOWN: the daemon does not run. */
  readonly role: string;
  readonly sinceNs: number;
  /** VRRP's; 0 elsewhere. */
  readonly priority: number;
}

/** A stretch of time in which the clients of a workload had no good answer. */
export interface OutageView {
  readonly workload: string;
  readonly fromNs: number;
  /** The first good answer; the present instant where there is none yet. */
  readonly toNs: number;
  readonly over: boolean;
  readonly failedRequests: number;
}

/** What became of one change of who holds a virtual address. */
export interface FailoverReport {
  readonly address: string;
  /** When its holder lost it, or another one took it as well. */
  readonly atNs: number;
  readonly before: readonly string[];
  /** A daemon has noticed and acts; undefined: none has, or by hand. */
  readonly detectedNs: number | undefined;
  readonly takenNs: number | undefined;
  readonly takenBy: string | undefined;
  /** The routers' entries name the new holder from then on; undefined: not yet, or not at packet level. */
  readonly correctedNs: number | undefined;
  /** The first good answer of any workload after the last outage that it caused; undefined: not yet. */
  readonly firstGoodNs: number | undefined;
  /** The longest outage of a workload that it caused, seconds. */
  readonly outageSeconds: number;
  /** Connections of clients that were open before: those that were answered afterwards, and those lost. */
  readonly connectionsKept: number;
  readonly connectionsLost: number;
  readonly failedRequests: number;
}

export interface HaView {
  readonly daemons: readonly HaDaemonView[];
  /** Changes of role, oldest first. */
  readonly roles: readonly {
    readonly atNs: number;
    readonly host: string;
    readonly daemon: string;
    readonly name: string;
    readonly role: string;
  }[];
  readonly addresses: readonly {
    readonly address: string;
    readonly holders: readonly string[];
    /** More than one host answers for it. */
    readonly splitBrain: boolean;
  }[];
  readonly outages: readonly OutageView[];
  readonly failovers: readonly FailoverReport[];
}

/** What the page draws from; plain data, bounded in size however long the run. */
export interface WorldView {
  readonly now: SimTime;
  readonly eventsFired: number;
  readonly windowSeconds: number;
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  /** Hosts without power, with no wire that is up, or whose programs do not serve. */
  readonly troubled: readonly { readonly host: string; readonly health: ServerHealth }[];
  /** Cables whose interface is down on a host that is on. */
  readonly unplugged: readonly { readonly host: string; readonly network: string }[];
  readonly connections: number;
  readonly templates: number;
  /** Sequence number of the newest decision, -1 = none yet. */
  readonly lastDecision: number;
  readonly commandCount: number;
}

/**
 * Samples in columns, one a step; old ones are thinned, never dropped, so memory is bounded.
 * Row i of every column belongs to time `time[i]` (seconds); per server: `${destinationId}:${what}`.
 */
export interface Series {
  /** Seconds between samples now; doubles each time the columns are thinned. */
  readonly stepSeconds: number;
  readonly time: Float64Array;
  readonly columns: ReadonlyMap<string, Float64Array>;
}
