import type { Ipv4 } from '@lvscope/inet';
import type { ServerAddress, ServiceAddress, ServiceSettings, TunnelChoice } from '@lvscope/syntax';

/** Five counters, or five rates a second. */
export interface ListedNumbers {
  readonly conns: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** One real server, with all that any list shows of it. */
export interface ListedServer {
  readonly server: ServerAddress;
  readonly method: 'masq' | 'local' | 'tunnel' | 'route';
  readonly tunnel: TunnelChoice | undefined;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly activeConns: number;
  readonly inactConns: number;
  readonly persistConns: number;
  readonly stats: ListedNumbers;
  readonly rates: ListedNumbers;
}

/** One virtual service with its servers in the kernel's order. */
export interface ListedService {
  readonly service: ServiceAddress;
  readonly settings: ServiceSettings;
  readonly servers: readonly ListedServer[];
  readonly stats: ListedNumbers;
  readonly rates: ListedNumbers;
}

/** One row of the connection table. */
export interface ListedConnection {
  /** IP protocol number; 0 for a template of a firewall mark, whose `virtual` is the mark. */
  readonly protocol: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  readonly virtual: Ipv4;
  readonly virtualPort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  readonly state: string;
  /** Whole seconds left, rounded down. */
  readonly expires: number;
  /** Whether a sync daemon learnt it from another director. */
  readonly synced: boolean;
  /** A template of `--pe sip`: its call's. */
  readonly callId: string | undefined;
}

export const METHOD_WORD = { masq: 'Masq', local: 'Local', tunnel: 'Tunnel', route: 'Route' } as const;
