import type { Ipv4 } from '@lvscope/inet';

/** What `-t`, `-u`, `--sctp-service` or `-f` name. The shape of `ServiceKey` in ipvs. */
export type ServiceAddress =
  | { readonly kind: 'address'; readonly protocol: number; readonly address: Ipv4; readonly port: number }
  | { readonly kind: 'address6'; readonly protocol: number; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: 4 | 6 };

/** What `-r` names. */
export type ServerAddress =
  | { readonly family: 4; readonly address: Ipv4; readonly port: number }
  | { readonly family: 6; readonly address: string; readonly port: number };

export type ForwardingMethod = 'masq' | 'tunnel' | 'route';

export interface TunnelChoice {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** 0 where none was given. */
  readonly port: number;
  readonly checksum: 'nocsum' | 'csum' | 'remcsum';
}

/** What -A and -E say of a service; what is left out has ipvsadm's default, for -E too. */
export interface ServiceSettings {
  readonly scheduler: string;
  /** `-b`: bits 1, 2, 4 for flag-1, flag-2, flag-3. */
  readonly schedulerFlags: number;
  /** `-p` in seconds, 1 to 2678400; 0 = not persistent. */
  readonly persistenceSeconds: number;
  /** `-M` of an IPv4 service or mark. */
  readonly netmask: Ipv4;
  /** `-M` of an IPv6 service or mark, 1 to 128. */
  readonly prefixLength: number;
  readonly persistenceEngine: string | undefined;
  readonly onePacket: boolean;
}

/** What -a and -e say of a server; what is left out has ipvsadm's default, for -e too. */
export interface ServerSettings {
  readonly method: ForwardingMethod;
  readonly tunnel: TunnelChoice | undefined;
  /** 0 to 2147483647 */
  readonly weight: number;
  /** `-x`, 0 = none. */
  readonly upperThreshold: number;
  /** `-y`, 0 = none. */
  readonly lowerThreshold: number;
}

export type ListWhat =
  | { readonly kind: 'services' }
  | { readonly kind: 'service'; readonly service: ServiceAddress }
  | { readonly kind: 'connections' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'daemon' };

/** How a list is printed; `--sort` does nothing. */
export interface ListFormat {
  readonly numeric: boolean;
  readonly stats: boolean;
  readonly rate: boolean;
  readonly thresholds: boolean;
  readonly persistentConn: boolean;
  readonly tunInfo: boolean;
  readonly noSort: boolean;
  readonly exact: boolean;
}

export const PLAIN_LIST: ListFormat = {
  numeric: false,
  stats: false,
  rate: false,
  thresholds: false,
  persistentConn: false,
  tunInfo: false,
  noSort: false,
  exact: false,
};

/** One invocation of ipvsadm 1.31. */
export type IpvsadmCommand =
  | {
      readonly kind: 'add-service' | 'edit-service';
      readonly service: ServiceAddress;
      readonly settings: ServiceSettings;
    }
  | { readonly kind: 'delete-service'; readonly service: ServiceAddress }
  | {
      readonly kind: 'add-server' | 'edit-server';
      readonly service: ServiceAddress;
      readonly server: ServerAddress;
      readonly settings: ServerSettings;
    }
  | { readonly kind: 'delete-server'; readonly service: ServiceAddress; readonly server: ServerAddress }
  | { readonly kind: 'flush' }
  | { readonly kind: 'restore' }
  | { readonly kind: 'save'; readonly numeric: boolean }
  | { readonly kind: 'list'; readonly what: ListWhat; readonly format: ListFormat }
  | { readonly kind: 'zero'; readonly service: ServiceAddress | undefined }
  /** Seconds, 0 = leave as it is. */
  | { readonly kind: 'set-timeouts'; readonly tcp: number; readonly tcpFin: number; readonly udp: number }
  | ({ readonly kind: 'start-daemon' } & DaemonSettings)
  | { readonly kind: 'stop-daemon'; readonly role: 'master' | 'backup'; readonly syncId: number }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** What --start-daemon says; 0 and '' leave it to the kernel (1472, 224.0.0.81, 8848, 1). */
export interface DaemonSettings {
  readonly role: 'master' | 'backup';
  readonly interface: string;
  readonly syncId: number;
  readonly maxLength: number;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
}

/** What a shell reports of a program that SIGSEGV ended; it says `Segmentation fault` in its place. */
export const SEGMENTATION_FAULT = 139;

/** Why ipvsadm would not start on a command. */
export interface IpvsadmRefusal {
  /** 2: found by ipvsadm; 255: found by the option parser; 139: by nobody. */
  readonly rc: 2 | 255 | typeof SEGMENTATION_FAULT;
  /** What the real tool (or for it the shell) writes to its error output, with the line's end. */
  readonly err: string;
  /** Index of the word that is at fault; the number of words where something is missing. */
  readonly word: number;
  /** What should stand there. */
  readonly wanted: string;
}

export type IpvsadmParsed =
  | { readonly ok: true; readonly command: IpvsadmCommand }
  | { readonly ok: false; readonly refusal: IpvsadmRefusal };
