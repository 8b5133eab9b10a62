import type { Ipv4 } from '@lvscope/inet';

/**
 * What IPVS reads of a packet. One object is filled again and again by the caller: nothing here is kept.
 *
 * `packets` is the number of equal packets that arrive back to back (a train, as GRO would hand them up);
 * counters move by it, states and timers as for one.
 */
export interface Packet {
  /** IP protocol number. */
  protocol: number;
  source: Ipv4;
  sourcePort: number;
  destination: Ipv4;
  destinationPort: number;
  /** TCP flag bits of the header; 0 for others. */
  flags: number;
  /** Type of the first SCTP chunk (RFC 9260), 0 (DATA) for others. */
  chunk: number;
  /** IP bytes of all of them together, where the last one is shorter than the others. */
  bytes?: number;
  /** IP total length of each packet, bytes. */
  length: number;
  packets: number;
  /** skb mark, 0 = none (iptables -t mangle … -j MARK). */
  mark: number;
  /** Call-ID of a SIP datagram's data (`callIdOf`), where it has one. */
  callId?: string | undefined;
}

/** Verdict codes of the hooks, as small integers because every packet yields one. */
export const VERDICT_ACCEPT = 0;
export const VERDICT_DROP = 1;
/** Drop, and answer ICMP port unreachable (type 3 code 3) with the packet's destination as source. */
export const VERDICT_UNREACHABLE = 2;
/**
 * Send to `verdict.address` by `verdict.method`; NAT writes `verdict.address:verdict.port` as destination.
 */
export const VERDICT_FORWARD = 3;
/** A NAT reply: write `verdict.address:verdict.port` as source and go on routing. */
export const VERDICT_TRANSLATE = 4;

export type VerdictCode = 0 | 1 | 2 | 3 | 4;

/** Why the verdict fell so; `causeName` gives the word. */
export const CAUSE_NOT_MINE = 0;
export const CAUSE_EXISTING = 1;
export const CAUSE_SCHEDULED = 2;
export const CAUSE_TEMPLATE = 3;
export const CAUSE_RESCHEDULED = 4;
export const CAUSE_NO_SERVER = 5;
export const CAUSE_NO_DESTINATION = 6;
export const CAUSE_NODEST_EXPIRED = 7;
export const CAUSE_NOT_ELIGIBLE = 8;
export const CAUSE_DROP_PACKET = 9;
export const CAUSE_BYPASS = 10;
export const CAUSE_REPLY = 11;
export const CAUSE_ONE_PACKET = 12;
export const CAUSE_BACKUP_ONLY = 13;
export const CAUSE_ICMP_RELATED = 14;
/** Dropped: a service of `--pe sip` takes only UDP with a Call-ID for something new. */
export const CAUSE_NO_CALL_ID = 15;

/** Forwarding methods, numbered as in the kernel's connection flags (uapi/linux/ip_vs.h). */
export const FORWARD_MASQ = 0;
export const FORWARD_LOCAL = 1;
export const FORWARD_TUNNEL = 2;
export const FORWARD_ROUTE = 3;
export const FORWARD_BYPASS = 4;

/** The out-parameter of `localIn`, `forwardHook` and `icmpIn`: overwritten by every call. */
export interface Verdict {
  code: VerdictCode;
  cause: number;
  /** Row in the connection table, -1 = none. */
  connection: number;
  /** Destination id, -1 = none. */
  destination: number;
  /** FORWARD_* */
  method: number;
  address: Ipv4;
  port: number;
  /** Sequence number of the scheduling decision (see `decision`), -1 where none was taken. */
  decision: number;
}
