import type { Ipv4, Mac } from '@lvscope/inet';
import type { Prefix } from '../prefix.ts';
import type { Problem } from '../problem.ts';

/** `[TYPE] PREFIX [via A] [dev D] [src A]`; the last four types have no gateway and no device. */
export interface IpRoute {
  readonly type: 'unicast' | 'local' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw';
  /** 0.0.0.0/0 is `default`. */
  readonly destination: Prefix;
  readonly via: Ipv4 | undefined;
  readonly dev: string | undefined;
  readonly source: Ipv4 | undefined;
}

/** What `ip link set` changes. */
export type LinkChange =
  | { readonly kind: 'up' | 'down' }
  | { readonly kind: 'arp'; readonly on: boolean }
  | { readonly kind: 'mtu'; readonly bytes: number }
  | { readonly kind: 'address'; readonly mac: Mac };

/** States that `nud` names. */
export const NUD_STATES = [
  'permanent',
  'noarp',
  'reachable',
  'stale',
  'incomplete',
  'delay',
  'probe',
  'failed',
  'none',
] as const;
export type NudName = (typeof NUD_STATES)[number];

/** Which entries of the neighbour cache are meant; what is undefined may be anything. */
export interface NeighbourQuery {
  readonly address: Prefix | undefined;
  readonly dev: string | undefined;
  readonly state: NudName | 'all' | undefined;
}

/** What `ip` is to do, as far as a cluster needs it. */
export type IpCommand =
  | {
      readonly kind: 'route-add' | 'route-append' | 'route-change' | 'route-replace' | 'route-del';
      readonly route: IpRoute;
    }
  | {
      readonly kind: 'route-show' | 'route-flush';
      readonly table: 'main' | 'local' | 'cache';
      readonly to: Prefix | undefined;
      readonly dev: string | undefined;
    }
  | { readonly kind: 'route-get'; readonly address: Ipv4 }
  | {
      readonly kind: 'addr-add' | 'addr-change' | 'addr-replace' | 'addr-del';
      readonly address: Prefix;
      readonly dev: string;
      readonly label: string | undefined;
      readonly scope: string | undefined;
    }
  | { readonly kind: 'addr-flush'; readonly dev: string; readonly to: Prefix | undefined }
  | {
      readonly kind: 'addr-show' | 'link-show';
      readonly dev: string | undefined;
      /** Only interfaces that are up. */
      readonly up: boolean;
    }
  | { readonly kind: 'link-set'; readonly dev: string; readonly changes: readonly LinkChange[] }
  | { readonly kind: 'link-add'; readonly name: string; readonly type: string }
  | { readonly kind: 'link-del'; readonly dev: string }
  | {
      readonly kind: 'neigh-add' | 'neigh-change' | 'neigh-replace' | 'neigh-del';
      readonly address: Ipv4;
      readonly dev: string;
      readonly mac: Mac | undefined;
      readonly state: NudName | undefined;
    }
  | { readonly kind: 'neigh-show' | 'neigh-flush'; readonly query: NeighbourQuery }
  | {
      readonly kind: 'tunnel-add' | 'tunnel-del';
      readonly name: string;
      readonly remote: Ipv4 | undefined;
      readonly local: Ipv4 | undefined;
    }
  | { readonly kind: 'tunnel-show'; readonly name: string | undefined }
  | { readonly kind: 'rule-show' };

/** Options before the object. */
export interface IpOptions {
  /** How often `-s` stands. */
  readonly statistics: number;
  readonly details: boolean;
  /** `-4`: lines of the link layer are left out. */
  readonly inetOnly: boolean;
  readonly brief: boolean;
  readonly oneline: boolean;
}

export interface IpInvocation {
  readonly options: IpOptions;
  readonly command: IpCommand;
}

/** Why `ip` does nothing: the word at fault, and what the real tool says, with its exit code. */
export interface IpRefusal {
  readonly problem: Problem;
  readonly rc: number;
  readonly err: string;
}

export type ParsedIp =
  | { readonly ok: true; readonly value: IpInvocation }
  | ({ readonly ok: false } & IpRefusal);
