import type { RandomStream, Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import type { Ipvs } from '@lvscope/ipvs';
import type { Network } from '@lvscope/net';
import type { Quantity, Scenario, ServerSpec, WorkloadSpec } from '@lvscope/scenario';
import type { ClientTable } from './client-table.ts';
import type { HaState } from './ha/state.ts';
import type { Observation } from './observe.ts';
import type { Probe } from './probe-state.ts';
import type { LoggedCommand, ProcessTable } from './processes/state.ts';
import type { ServerTable } from './server-table.ts';
import type { SyncSockets } from './sync.ts';

/**
 * A running scenario: plain data through and through, so that it can be copied, sent and compared. What may
 * be
 * done with it are the functions of this package.
 */
export interface World {
  readonly scenario: Scenario;
  readonly sim: Simulation;
  readonly net: Network;
  readonly directors: Director[];
  /** Index of the host that holds an address on a wire of its own. */
  readonly hostByAddress: Map<number, number>;
  readonly servers: Server[];
  /** Indexes of `servers` by host. */
  readonly serversAt: Map<number, number[]>;
  readonly connections: ServerTable;
  /** UDP requests that workers are at, by row of `connections`. */
  readonly datagrams: Map<number, Datagram>;
  readonly workloads: Workload[];
  readonly clients: ClientTable;
  readonly pages: PageTable;
  /** Which agent asks from where: `source address * 65536 + port`, TCP. */
  readonly askers: Map<number, number>;
  readonly probe: Probe;
  readonly observation: Observation;
  readonly ha: HaState;
  /** When hosts that reboot are there again, ns, by id. */
  readonly bootsAt: Map<number, number>;
  /** The log of command lines; see execute.ts. */
  readonly commands: LoggedCommand[];
  readonly processes: ProcessTable;
  /**
   * Sysctls that are kept for whoever reads them, by host and key, beside those that `net` and `ipvs` own.
   */
  readonly sysctls: Map<string, string>;
  /** Files that commands wrote, by `host path`; see files.ts. */
  readonly files: Map<string, string>;
  readonly timers: TimerBanks;
  /** The next entry of the scenario's timeline. */
  timelineNext: number;
}

/** Timer banks of this package, by number. */
export interface TimerBanks {
  /** One an agent: the end of its rest, or of its patience. */
  readonly client: number;
  /** One an accepted connection: the end of its service time, or of the server's keep-alive timeout. */
  readonly server: number;
}

export interface Director {
  readonly name: string;
  /** Index of the host in the network. */
  readonly host: number;
  readonly ipvs: Ipvs;
  /** The sockets of its sync daemons. */
  readonly sync: SyncSockets[];
}

/** One server program on one host. */
export interface Server {
  readonly name: string;
  readonly hostName: string;
  readonly host: number;
  readonly spec: ServerSpec;
  /** TCP: the listener's id; UDP: the bound socket. -1 = the port is closed. */
  listener: number;
  state: 'running' | 'hung' | 'stopped';
  workersBusy: number;
  /** UDP: requests that wait for a worker, the oldest first. */
  readonly waiting: Datagram[];
  readonly streams: { readonly service: RandomStream; readonly response: RandomStream };
  requestsServed: number;
  connectionsAccepted: number;
}

/** A UDP request on its way through a server. */
export interface Datagram {
  /** The server's socket. */
  readonly socket: number;
  readonly from: Ipv4;
  readonly fromPort: number;
  readonly to: Ipv4;
  readonly toPort: number;
}

export const FAILURES = ['refused', 'reset', 'timeout', 'unreachable', 'ports-exhausted'] as const;
export type Failure = (typeof FAILURES)[number];

export interface Workload {
  readonly name: string;
  readonly index: number;
  readonly host: number;
  readonly spec: WorkloadSpec;
  readonly firstSource: Ipv4;
  readonly targets: readonly Target[];
  /** Of the machines behind each source address: where each stands at time 0, ticks of 1 ms. */
  readonly clocks: readonly number[];
  // settings that may change while it runs
  sources: number;
  keepAlive: boolean;
  concurrency: number;
  ratePerSecond: number;
  requestsPerConnection: Quantity;
  running: boolean;
  // a closed loop's users: agents by number, and how many connections have begun
  readonly users: number[];
  connections: number;
  /** Raised by every change of the rate: an arrival that was scheduled before is void. */
  arrivalEpoch: number;
  readonly streams: {
    readonly arrivals: RandomStream;
    readonly sources: RandomStream;
    readonly targets: RandomStream;
    readonly requests: RandomStream;
    readonly think: RandomStream;
  };
  // what came of it
  started: number;
  succeeded: number;
  bytesReceived: number;
  readonly failures: Record<Failure, number>;
}

export interface Target {
  readonly address: Ipv4;
  readonly port: number;
}

/** Pages of open loops that still have objects to fetch. */
export interface PageTable {
  readonly free: number[];
  /** The source address that the page's user has, by page. */
  readonly source: number[];
  /** Objects that no agent has begun to fetch. */
  readonly objectsLeft: number[];
  /** Agents at work for the page. */
  readonly agents: number[];
}

/**
 * A name that a world does not have, or a thing that cannot be done to it, in words for the person who
 * asked.
 */
export interface Refusal {
  readonly ok: false;
  readonly reason: string;
}

export const ACCEPTED: { readonly ok: true } = { ok: true };
export type Outcome = { readonly ok: true } | Refusal;
