import type { Fingerprint } from '@lvscope/des';
import type { NeighbourWatch } from './neighbour-watch.ts';
import type { FrameRecord } from './frame-ring.ts';
import type { Fragment, Reassembly } from './fragments.ts';

/** Index of a frame in the pool; it means another frame after it is freed. */
export type FrameId = number;

/** A MAC address's place in `LinkLayer.macs`; 0 is the broadcast address, 1 is 00:00:00:00:00:00. */
export type MacId = number;

export const MAC_BROADCAST = 0;
export const MAC_ZERO = 1;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

/**
 * A frame is a row of 2^FRAME words, a line of a processor's cache: rows[(frame << FRAME) | FROM_MAC] is who
 * sent it.
 */
export const FRAME = 4;
/** The same row in doubles. */
export const FRAME_REALS = 3;
/** MAC ids. */
export const FROM_MAC = 0;
export const TO_MAC = 1;
/** A packet's id; -1: ARP. */
export const CARRIED = 2;
/** The interface that sent it. */
export const SENDER = 3;
/**
 * From the lowest bit on: the TTL of the packet in it (the outermost header's); COPY_BIT, which the copies
 * have that a switch made of a unicast frame whose port it did not know; and the bytes that it carries, an IP
 * packet or ARP.
 */
export const SIZE = 4;
export const TTL_BITS = 0xff;
export const COPY_BIT = 0x100;
export const BYTES_SHIFT = 9;
/** What the ring's `contents` was when it wrote what the packet says; see frame-row.ts. */
export const CONTENTS = 5;
/** A double: which frame of all that were ever made; copies have the number of what they are copies of. */
export const SERIAL = 3;
/**
 * A double, ns: when it is at the switch, and then when it is at the interface behind (port-line.ts); once it
 * has ended, when it did.
 */
export const TIME = 4;
/** The frame that follows it to the same port, LAST_IN_LINE, or where it is otherwise. */
export const BEHIND = 10;
/** The numbers of its sightings, modulo 2^32, and the sender's time, a double, ns; see frame-row.ts. */
export const SENT_INDEX = 11;
export const SENT_AT = 6;
export const LAST_INDEX = 14;
/** What its last sighting was: SEEN_IN or SEEN_LOST with what belongs to them; 0 while there is none. */
export const LAST_SEEN = 15;
/** ARP's fields stand in a row of 2^ARP words of their own, of `arp`. */
export const ARP = 3;
export const ARP_OPERATION = 0;
export const ARP_SENDER_MAC = 1;
export const ARP_TARGET_MAC = 2;
/** As int32. */
export const ARP_SENDER = 3;
export const ARP_TARGET = 4;

/**
 * Frames on the wire: Ethernet's fields, and either a packet or ARP's fields. Rows are taken one after the
 * other, round and round, past those whose frame is still underway or named by a sighting that is kept.
 */
export interface FramePool {
  /** Rows that there are, a power of two. */
  size: number;
  /** The row that is looked at next for whether it can be taken. */
  next: number;
  /** Rows that were passed by in this round, and how many frames there had been when it began. */
  passed: number;
  roundBegan: number;
  /** Two views of the same rows. */
  rows: Int32Array;
  reals: Float64Array;
  arp: Int32Array;
}

export const LAST_IN_LINE = -1;
/** It is through the switch, or does not stand in line. */
export const THROUGH = -2;
/** It is to be looked at at the switch after all. */
export const LOOK_AGAIN = -3;
/** The port's queue was full. */
export const REFUSED = -4;
/** It is underway no more; or there never was one. */
export const ENDED = -5;

/** How a frame ended. Every frame that was made ends in exactly one of these ways. */
export const FRAME_ENDS = [
  'delivered',
  'other-host',
  'link-loss',
  'queue-full',
  'no-port',
  'same-port',
  'interface-down',
  'host-down',
] as const;
export type FrameEnd = (typeof FRAME_ENDS)[number];

/** Places in FRAME_ENDS: every frame ends, and to search a list of names for how would cost it time. */
export const ENDED_DELIVERED = 0;
export const ENDED_OTHER_HOST = 1;
export const ENDED_LINK_LOSS = 2;
export const ENDED_QUEUE_FULL = 3;
export const ENDED_NO_PORT = 4;
export const ENDED_SAME_PORT = 5;
export const ENDED_INTERFACE_DOWN = 6;
export const ENDED_HOST_DOWN = 7;

/** net.ipv4.conf.{all,default,eth0 …}: what packet level reads. */
export interface InterfaceConf {
  arp_ignore: number;
  arp_announce: number;
  arp_filter: number;
  arp_accept: number;
  arp_notify: number;
  drop_gratuitous_arp: number;
  rp_filter: number;
  accept_local: number;
  send_redirects: number;
  accept_redirects: number;
  secure_redirects: number;
  shared_media: number;
  /** Kernels 2.2 and 2.4 with the patch: addresses of this interface are not answered for elsewhere. */
  hidden: number;
}

/** net.ipv4.neigh.{default,eth0 …}. */
export interface NeighbourConf {
  /** ms; an entry stays REACHABLE for half to one and a half of it. */
  base_reachable_time_ms: number;
  /** s */
  delay_first_probe_time: number;
  /** ms */
  retrans_time_ms: number;
  ucast_solicit: number;
  mcast_solicit: number;
  /** s */
  gc_stale_time: number;
  /** 1/100 s */
  locktime: number;
  /** Packets that wait for one neighbour. */
  unres_qlen: number;
}

/** `arptables -A INPUT|OUTPUT …`: an absent field matches everything. */
export interface ArpRule {
  readonly chain: 'INPUT' | 'OUTPUT';
  /** `-s`: the sender's protocol address. */
  readonly source?: number;
  /** `-d`: the target's protocol address. */
  readonly destination?: number;
  readonly operation?: number;
  readonly device?: string;
  readonly target: 'DROP' | 'ACCEPT' | 'mangle';
  /** `--mangle-ip-s`: the sender's address is replaced by this one. */
  readonly mangleSource?: number;
}

/** The neighbour states of Linux (include/uapi/linux/neighbour.h). */
export type NudState =
  | 'NONE'
  | 'INCOMPLETE'
  | 'REACHABLE'
  | 'STALE'
  | 'DELAY'
  | 'PROBE'
  | 'FAILED'
  | 'NOARP'
  | 'PERMANENT';

/** An entry of a host's neighbour cache. Times are ticks of its kernel. */
export interface Neighbour {
  readonly id: number;
  readonly interfaceId: number;
  readonly address: number;
  state: NudState;
  /** MAC_ZERO while it has none. */
  mac: MacId;
  /** When state or MAC changed last. */
  updated: number;
  confirmed: number;
  used: number;
  probes: number;
  /** Of the timer that counts: no two timers of a world have the same. */
  generation: number;
  /** Packets that wait for the answer, the oldest first. */
  readonly queue: number[];
}

/**
 * A cache as switches and routers have it: an entry lasts so long from when it was learnt, whether it
 * is used or
 * not, is not asked about meanwhile, and is then gone.
 */
export interface FixedCache {
  /** Seconds; 0: until it is cleared. */
  lifetimeSeconds: number;
  /**
   * What changes an entry besides the answer to a question: `all` ARP of its address; all but gratuitous ARP
   * (sender = target), as where that is shut off against spoofing; or `nothing` until the entry is gone.
   */
  readonly learns: 'all' | 'no-gratuitous' | 'nothing';
}

/** An interface as packet level sees it, with the switch port that it is plugged into. */
export interface Port {
  mac: MacId;
  /** `ip link set … arp off` */
  noArp: boolean;
  readonly conf: InterfaceConf;
  readonly neighbourConf: NeighbourConf;
  /** By address. */
  readonly neighbours: Map<number, Neighbour>;
  /** What REACHABLE lasts here now, ticks, and the period of 300 s that it was drawn in. */
  reachableTicks: number;
  reachablePeriod: number;
  /** What is taken instead of a draw from 0 to 1; -1: it is drawn. */
  reachableShare: number;
  /** undefined: the cache is Linux'. */
  fixedCache: FixedCache | undefined;
}

/** A learning switch: who was seen behind which port, and when; by MAC id. */
export interface Switch {
  /** Interface; -1: never heard. */
  port: Int32Array;
  /** ns */
  seenAt: Float64Array;
}

/** What a host has beside its interfaces. */
export interface LinkHost {
  readonly all: InterfaceConf;
  readonly default: InterfaceConf;
  readonly neighbourDefault: NeighbourConf;
  readonly arpRules: ArpRule[];
  /** Redirects sent, by whom they were sent to: how many, and the tick of the last. */
  readonly redirects: Map<number, { sent: number; last: number }>;
}

/** The last many frames, as rows of numbers; see frame-row.ts. */
export interface FrameRing {
  /** Sightings that are kept; 0: nothing is. */
  capacity: number;
  /** Sightings there ever were: the number of the next. */
  written: number;
  /** Rows for contents: a power of two. */
  room: number;
  /** Two views of the rows of contents. */
  rows: Uint32Array;
  reals: Float64Array;
  more: Uint32Array;
  icmp: Uint32Array;
  /**
   * Contents ever written, as int32: it begins anew from the least when it comes to the greatest. The next
   * one's row is the remainder by `room`.
   */
  contents: number;
  /** What became of them, and why: the last many; see frame-notes.ts. */
  notes: Float64Array;
  /** What the notes name. */
  words: string[];
  /** Notes ever made. */
  noted: number;
}

/** Somebody who looks at the frames of some interfaces: tcpdump, arping. */
export interface FrameWatch {
  /** By their ids. */
  readonly interfaces: readonly number[];
  /** A timer of the owner's that goes off at once when there is something to read. */
  readonly wakes: { readonly bank: number; readonly timer: number };
  /** Frames ever seen. */
  seen: number;
  frames: FrameRecord[];
}

/** Why something was done, or not done, with a frame or with the packet in it. */
export interface FrameNote {
  /** Its place among all notes: a cursor for the next call. */
  readonly index: number;
  /** ns */
  readonly at: number;
  /** Where it was decided. */
  readonly host: number;
  /** The packet's journey; 0 where it is about ARP. */
  readonly journey: number;
  /** ARP: which frame; 0 where it is about a packet. */
  readonly frame: number;
  readonly kind: 'drop' | 'arp-withheld' | 'decision';
  /** A DropReason; or what silenced ARP: `arp_ignore` ...; empty for a decision. */
  readonly what: string;
  /** Of a decision: its number at that director. */
  readonly decision: number;
}

/** Everything that only packet level has: present = every hop of every frame is an event. */
export interface LinkLayer {
  /** a: frame, b: interface that it arrives at, -1 at the switch. */
  readonly frameKind: number;
  /** a: neighbour, b: generation. */
  readonly neighbourKind: number;
  readonly frames: FramePool;
  /** Frames ever made, and how they ended (FRAME_ENDS). */
  made: number;
  readonly ended: Float64Array;
  readonly macs: number[];
  readonly macIds: Map<number, MacId>;
  /** By segment. */
  readonly switches: Switch[];
  /** By interface. */
  readonly ports: Port[];
  /** By host. */
  readonly hosts: LinkHost[];
  readonly neighbours: (Neighbour | undefined)[];
  readonly freeNeighbours: number[];
  nextGeneration: number;
  readonly watch: NeighbourWatch;
  /** The number of the next packet's journey. */
  nextJourney: number;
  /** By packet; those whose OPTION_FRAGMENT is set count. */
  readonly fragments: Map<number, Fragment>;
  /** By host, address and group. */
  readonly reassemblies: Map<string, Reassembly>;
  /** By packet; those whose OPTION_REASSEMBLED is set count. */
  readonly largestFragment: Map<number, number>;
  nextFragmentGroup: number;
  readonly ring: FrameRing;
  readonly watches: FrameWatch[];
  /** Of the frames sent; there once one was. */
  print: Fingerprint | undefined;
}
