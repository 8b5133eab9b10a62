import { ipv4, PROTO_TCP } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import type { ForwardingMethod, IpvsadmRefusal, ListFormat, ServerAddress } from './ipvsadm-command.ts';
import { PLAIN_LIST } from './ipvsadm-command.ts';
import type { CheckedOption } from './ipvsadm-options.ts';

/** What the options read so far have said; filled in their order, as ipvsadm does. */
export interface Draft {
  /** Options seen, each with the word that gave it. */
  readonly seen: Map<CheckedOption, number>;
  service: DraftService;
  scheduler: string;
  schedulerFlags: { readonly text: string; readonly word: number } | undefined;
  persistenceSeconds: number;
  netmask: Ipv4;
  prefixLength: number;
  persistenceEngine: string | undefined;
  onePacket: boolean;
  server: ServerAddress;
  method: ForwardingMethod;
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnelType: 'ipip' | 'gue' | 'gre';
  tunnelPort: number;
  interface: string;
  syncId: number;
  maxLength: number;
  group: string;
  port: number;
  ttl: number;
  format: ListFormat;
}

export interface DraftService {
  family: 4 | 6;
  protocol: number;
  /** IPv4 number or IPv6 text, by `family`. */
  address: Ipv4;
  address6: string;
  port: number;
  /** 0 = not by mark. */
  mark: number;
}

/** Seconds of `-p` without a number (libipvs; the manual page says 300). */
export const DEFAULT_PERSISTENCE_SECONDS = 360;
/** 31 days, the largest timeout that ipvsadm takes. */
export const MAX_TIMEOUT_SECONDS = 2678400;
export const DEFAULT_SCHEDULER = 'wlc';
export const DEFAULT_SYNC_INTERFACE = 'eth0';
export const INT_MAX = 2147483647;

export const newDraft = (): Draft => ({
  seen: new Map(),
  service: { family: 4, protocol: 0, address: ipv4(0), address6: '::', port: 0, mark: 0 },
  scheduler: '',
  schedulerFlags: undefined,
  persistenceSeconds: 0,
  netmask: ipv4(0xffffffff),
  prefixLength: 128,
  persistenceEngine: undefined,
  onePacket: false,
  server: { family: 4, address: ipv4(0), port: 0 },
  method: 'route',
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnelType: 'ipip',
  tunnelPort: 0,
  interface: '',
  syncId: 0,
  maxLength: 0,
  group: '',
  port: 0,
  ttl: 0,
  format: PLAIN_LIST,
});

/** What `-f` sets beside the mark; never looked at for marks, but `-r` reads port names by it. */
export const FWMARK_PROTOCOL: number = PROTO_TCP;

export const refusal = (
  rc: IpvsadmRefusal['rc'],
  err: string,
  word: number,
  wanted: string,
): IpvsadmRefusal => ({
  rc,
  err: `${err}\n`,
  word,
  wanted,
});

/** @param program the word that the program was called by. */
export const tryHelp = (program: string, word: number, wanted: string): IpvsadmRefusal =>
  refusal(255, `Try \`${program} -h' or '${program} --help' for more information.`, word, wanted);
