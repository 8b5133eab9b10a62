/**
 * The scenario document as the engine takes it: every default filled in, durations in seconds unless the
 * name says otherwise. The text form (JSON or YAML) is looser; `restore` brings it here or says why not.
 */
export interface Scenario {
  readonly version: 1;
  readonly name: string;
  /** Shown above the stage; a preset has both languages. */
  readonly title: Words;
  /** One or two sentences: what a person sees here. */
  readonly lesson: Words;
  readonly seed: number;
  /** Seconds of simulated time that a run without `--until` takes. */
  readonly durationSeconds: number;
  readonly detail: 'connection' | 'packet';
  readonly networks: readonly NetworkSpec[];
  readonly hosts: readonly HostSpec[];
  readonly services: readonly ServerSpec[];
  readonly workloads: readonly WorkloadSpec[];
  /** In order of `atSeconds`. */
  readonly timeline: readonly TimelineEntry[];
  /** What an import took for granted, a sentence each, to be shown. */
  readonly assumptions: readonly Words[];
  /** Ways to put right what the scenario shows, and ways that people try and that do not. */
  readonly remedies: readonly Remedy[];
}

/** A button of the page: the commands are carried out in order, at once. */
export interface Remedy {
  readonly title: Words;
  /** Why it cures, or why it does not. */
  readonly explain: Words;
  readonly commands: readonly RemedyCommand[];
  /** Whether the trouble goes away by these commands alone; of a preset, a test asserts it. */
  readonly cures: boolean;
}

export interface RemedyCommand {
  readonly on: string;
  readonly run: string;
}

export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** An L2 segment. */
export interface NetworkSpec {
  readonly name: string;
  /** `192.168.1.0/24` */
  readonly prefix: string;
  readonly bandwidthMbps: number;
  /** One way across the segment, microseconds. */
  readonly delayUs: number;
  /** At most this much more for a packet, microseconds, drawn uniformly; packets keep their order. */
  readonly jitterUs: number;
  /** Share of packets lost, 0 to 1. */
  readonly loss: number;
  /** Packets that a sending queue holds (an interface's, a switch port's); what is beyond is dropped. */
  readonly queuePackets: number;
  readonly mtu: number;
}

export type HostRole = 'client' | 'router' | 'director' | 'realserver';

export interface HostSpec {
  readonly name: string;
  readonly role: HostRole;
  readonly kernel: '2.4' | '2.6' | '6.1';
  readonly interfaces: readonly InterfaceSpec[];
  /**
   * `ip route` text without the leading `ip route add`: `default via 192.168.1.254`, `local 10.1.0.0/16 dev
   * lo`.
   */
  readonly routes: readonly string[];
  /** Commands carried out on the host at time 0, in order; real servers' VIPs, sysctls, iptables marks. */
  readonly setup: readonly string[];
  /** `ipvsadm-save` text, loaded by `ipvsadm -R` after `setup`; directors only. */
  readonly rules: string;
  /** CPU time a director or router spends on one packet, nanoseconds; 0 = none modelled. */
  readonly packetCostNs: number;
  /**
   * Files that are there before `setup`, by path: `/etc/keepalived/keepalived.conf`. A daemon reads
   * its own when
   * a command starts it (`systemctl start keepalived`).
   */
  readonly files?: Readonly<Record<string, string>>;
  /** How the host's neighbour caches work; absent: as Linux'. Packet level only. */
  readonly arpCache?: ArpCacheSpec;
}

/** An ARP cache as switches and routers have it: entries of a fixed lifetime, used or not. */
export interface ArpCacheSpec {
  /** Seconds from when an entry was learnt; 0: until it is cleared. */
  readonly lifetimeSeconds: number;
  /**
   * What changes an entry while it is there: `all` ARP of its address; all but gratuitous ARP (`no-
   * gratuitous`);
   * `nothing`.
   */
  readonly learns: 'all' | 'no-gratuitous' | 'nothing';
}

export interface InterfaceSpec {
  /** eth0, eth1 …; `lo` and `tunl0` exist on every host and need a network of ''. */
  readonly name: string;
  readonly network: string;
  /** `192.168.1.11/24`, the first is the primary. */
  readonly addresses: readonly string[];
  /** `02:00:00:00:00:01`; '' = derived from host and interface. */
  readonly mac: string;
}

/** A random quantity. Values are in the unit that the field's name says. */
export type Quantity =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'pareto'; readonly minimum: number; readonly shape: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'empirical'; readonly values: readonly number[]; readonly weights?: readonly number[] };

/** A server program on real servers. */
export interface ServerSpec {
  readonly name: string;
  /** Host names. */
  readonly on: readonly string[];
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Requests served at once; Apache's MaxClients. A kept-alive connection holds a worker while idle. */
  readonly workers: number;
  readonly serviceTimeMs: Quantity;
  readonly responseBytes: Quantity;
  readonly keepAlive: boolean;
  readonly keepAliveTimeoutSeconds: number;
  /** Requests on one connection before the server closes it; 0 = no limit. */
  readonly maxKeepAliveRequests: number;
  /** listen(2) backlog; the accept queue is min(backlog, net.core.somaxconn). */
  readonly backlog: number;
}

export type WorkloadSpec = ClosedWorkload | OpenWorkload;

interface WorkloadCommon {
  readonly name: string;
  /** Client host. */
  readonly on: string;
  /** First source address; `count` addresses follow it. */
  readonly sources: { readonly first: string; readonly count: number };
  /** Target addresses `192.168.1.6:80`; several = each request draws one (a farm of destinations). */
  readonly targets: readonly string[];
  readonly protocol: 'tcp' | 'udp';
  readonly requestBytes: Quantity;
  /**
   * Of udp: each datagram is a request of SIP (`requestBytes` is not asked), of so many calls in turn, each
   * with a Call-ID of its own.
   */
  readonly calls?: number;
  /** So many machines share each source address (a NAT gateway's), each with a clock of its own. */
  readonly machines?: number;
  /** Requests on one connection when both sides keep alive, else one each. */
  readonly requestsPerConnection: Quantity;
  readonly keepAlive: boolean;
  /** A request without answer after this long has failed. */
  readonly timeoutSeconds: number;
  readonly startSeconds: number;
  /** 0 = to the end. */
  readonly stopSeconds: number;
}

/** `ab -n total -c concurrency`: each of `concurrency` users asks again when answered. */
export interface ClosedWorkload extends WorkloadCommon {
  readonly kind: 'closed';
  readonly concurrency: number;
  /** Connections in all; 0 = no end. */
  readonly total: number;
  readonly thinkSeconds: Quantity;
}

/** Arrivals that do not wait for anybody. */
export interface OpenWorkload extends WorkloadCommon {
  readonly kind: 'open';
  /** Pages a second over all sources, Poisson. */
  readonly ratePerSecond: number;
  /** Objects of a page; without KeepAlive each is a connection of its own, `parallel` at a time. */
  readonly objectsPerPage: Quantity;
  readonly parallel: number;
}

export interface TimelineEntry {
  readonly atSeconds: number;
  readonly on: string;
  readonly run: string;
}
