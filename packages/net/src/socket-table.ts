import type { SocketId } from './state.ts';
import type { Pieces } from './tcp-burst.ts';

/** TCP states numbered as in the kernel (include/net/tcp_states.h), UDP for a datagram socket. */
export const STATE_FREE = 0;
export const ESTABLISHED = 1;
export const SYN_SENT = 2;
export const SYN_RECV = 3;
export const FIN_WAIT1 = 4;
export const FIN_WAIT2 = 5;
export const TIME_WAIT = 6;
export const CLOSED = 7;
export const CLOSE_WAIT = 8;
export const LAST_ACK = 9;
export const CLOSING = 11;
export const UDP = 12;
export const STATE_COUNT = 13;

export type SocketStateName =
  | 'FREE'
  | 'ESTAB'
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'TIME-WAIT'
  | 'CLOSED'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'UDP';

/** The states' names as `ss -t` prints them, by number. */
export const STATE_NAMES: readonly SocketStateName[] = [
  'FREE',
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSED',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'UDP',
];

/** Bits of `flags`. */
export const FLAG_ORPHAN = 1; // the application has closed it: nobody is told anything any more
export const FLAG_READ_CLOSED = 2; // the FIN of the other side has been received
export const FLAG_FIN_QUEUED = 4; // our FIN is at the end of what is to be sent
export const FLAG_QUEUED = 8; // waits in an accept queue
export const FLAG_OWNED = 16; // the owner knows it, so it wants to hear of the end
export const FLAG_ACK_PENDING = 32; // an ACK is owed
export const FLAG_RTT_TIMED = 64; // timedSeq is being timed
export const FLAG_RECOVERY = 128; // fast retransmit under way until recoverSeq
export const FLAG_PAUSED = 256; // the application does not read
export const FLAG_EOF_TOLD = 512; // remoteClosed was called
export const FLAG_NODELAY = 1024;
// timestamps and SACK were agreed on: 12 bytes of options in each segment
export const FLAG_LINUX_PEER = 2048;
// the FIN is known (at the last range's end), but data before it is missing
export const FLAG_FIN_OUT_OF_ORDER = 8192;
// FIN_WAIT2 without an owner: only the timer and the numbers are left
export const FLAG_TIMEWAIT_FIN2 = 16384;

// shutdown(SHUT_RD): new data resets the connection once our FIN is out
export const FLAG_RECEIVE_SHUT = 32768;

// data has come a second time: the next ACK says so (D-SACK)
export const FLAG_DUPLICATE = 65536;
// a tail loss probe is what the retransmission timer is armed for; one is out and not answered
export const FLAG_PROBE_ARMED = 131072;
export const FLAG_PROBED = 262144;

// SO_KEEPALIVE
export const FLAG_KEEPALIVE = 524288;

/** How many ranges out of order a receiver keeps. */
export const RANGES = 4;

const INT = [
  'host',
  'flags',
  'hashNext',
  'generation',
  'listener',
  'queueNext',
  'app',
  'appData',
  'ssthresh',
  'mss',
  'unread',
  'srttUs',
  'rttvarUs',
  'retries',
  'backoff', // doublings of the time-out since the last round-trip sample
  'quickAcks',
  'pingPong',
  'dupAcks',
  'rangeCount',
  'softError',
  'keepProbes', // keep-alive probes without an answer
] as const;
const UINT = [
  'localAddress',
  'remoteAddress',
  'sndUna',
  'sndNxt',
  'sndMax',
  'sndEnd',
  'sndWnd',
  'sndSmall',
  'maxWindow',
  'rcvNxt',
  'rcvWup',
  'rcvWnd',
  'rcvSpace',
  'timedSeq',
  'recoverSeq',
  'finSeq',
] as const;
const SHORT = ['localPort', 'remotePort'] as const;
const REAL = [
  'cwnd',
  'timedAt',
  'lastReceivedAt',
  'heardAt', // when anything came from the other side (rcv_tstamp)
  'lastSentAt',
  'challengeAt',
  'retransmitSince',
  'closedAt',
] as const;

type Columns<K extends readonly string[], A> = { [name in K[number]]: A };

/**
 * Sockets as a struct of arrays: TCP connections from SYN_SENT or SYN_RECV to the end of TIME_WAIT, and UDP
 * sockets. Sequence numbers are unsigned 32-bit integers; compare them by `before`.
 */
export interface SocketTable
  extends Columns<typeof INT, Int32Array>,
    Columns<typeof UINT, Uint32Array>,
    Columns<typeof SHORT, Uint16Array>,
    Columns<typeof REAL, Float64Array> {
  size: number;
  live: number;
  /** Slots below this have been used. */
  high: number;
  free: SocketId;
  state: Uint8Array;
  /** Out-of-order ranges: RANGES pairs a socket. */
  rangeStart: Uint32Array;
  rangeEnd: Uint32Array;
  /** Heads of the chains by hash of host and four-tuple; its length is a power of two. */
  buckets: Int32Array;
  /** Of the few sockets whose path MTU has shrunk: how what is in flight had been cut. */
  pieces: Map<SocketId, Pieces>;
  /** Clocks at time 0, ticks of 1 ms, of machines that are not the host itself but hide behind it. */
  readonly clocks: Map<SocketId, number>;
  /** tcp_tw_recycle: the other side's clock at time 0. */
  readonly peerClocks: Map<SocketId, number>;
}

/** An empty table. */
export function createSocketTable(): SocketTable {
  const table: Record<string, unknown> = {
    size: 0,
    live: 0,
    high: 0,
    free: -1,
    state: new Uint8Array(0),
    rangeStart: new Uint32Array(0),
    rangeEnd: new Uint32Array(0),
    buckets: new Int32Array(1024).fill(-1),
    pieces: new Map(),
    clocks: new Map(),
    peerClocks: new Map(),
  };
  for (const name of INT) table[name] = new Int32Array(0);
  for (const name of UINT) table[name] = new Uint32Array(0);
  for (const name of SHORT) table[name] = new Uint16Array(0);
  for (const name of REAL) table[name] = new Float64Array(0);
  return table as unknown as SocketTable;
}

function wider<A extends { set(from: A): void }>(make: new (n: number) => A, old: A, size: number): A {
  const to = new make(size);
  to.set(old);
  return to;
}

function grow(t: SocketTable): void {
  const size = Math.max(256, t.size * 2);
  t.state = wider<Uint8Array>(Uint8Array, t.state, size);
  for (const name of INT) t[name] = wider<Int32Array>(Int32Array, t[name], size);
  for (const name of UINT) t[name] = wider<Uint32Array>(Uint32Array, t[name], size);
  for (const name of SHORT) t[name] = wider<Uint16Array>(Uint16Array, t[name], size);
  for (const name of REAL) t[name] = wider<Float64Array>(Float64Array, t[name], size);
  t.rangeStart = wider<Uint32Array>(Uint32Array, t.rangeStart, size * RANGES);
  t.rangeEnd = wider<Uint32Array>(Uint32Array, t.rangeEnd, size * RANGES);
  t.size = size;
}

/** The hash of a socket's names; any 32 bits. */
export function tupleHash(
  host: number,
  localAddress: number,
  localPort: number,
  remoteAddress: number,
  remotePort: number,
): number {
  let h = Math.imul(localAddress ^ Math.imul(host + 1, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 15)) + remoteAddress, 0xc2b2ae35);
  h = Math.imul((h ^ (h >>> 13)) + ((localPort << 16) | remotePort), 0x27d4eb2f);
  return h ^ (h >>> 16);
}

function bucketOf(t: SocketTable, s: SocketId): number {
  const hash = tupleHash(
    t.host[s]!,
    t.localAddress[s]!,
    t.localPort[s]!,
    t.remoteAddress[s]!,
    t.remotePort[s]!,
  );
  return hash & (t.buckets.length - 1);
}

function rehash(t: SocketTable): void {
  const old = t.buckets;
  t.buckets = new Int32Array(old.length * 4).fill(-1);
  for (let i = 0; i < old.length; i++) {
    let s = old[i]!;
    while (s >= 0) {
      const following = t.hashNext[s]!;
      const bucket = bucketOf(t, s);
      t.hashNext[s] = t.buckets[bucket]!;
      t.buckets[bucket] = s;
      s = following;
    }
  }
}

/**
 * Written out, because a loop over the columns' names costs as much as the rest of a connection's opening.
 */
function clear(t: SocketTable, s: SocketId): void {
  t.flags[s] = 0;
  t.app[s] = 0;
  t.appData[s] = 0;
  t.ssthresh[s] = 0;
  t.mss[s] = 0;
  t.unread[s] = 0;
  t.srttUs[s] = 0;
  t.rttvarUs[s] = 0;
  t.retries[s] = 0;
  t.backoff[s] = 0;
  t.quickAcks[s] = 0;
  t.pingPong[s] = 0;
  t.dupAcks[s] = 0;
  t.rangeCount[s] = 0;
  t.softError[s] = 0;
  t.keepProbes[s] = 0;
  t.sndUna[s] = 0;
  t.sndNxt[s] = 0;
  t.sndMax[s] = 0;
  t.sndEnd[s] = 0;
  t.sndWnd[s] = 0;
  t.sndSmall[s] = 0;
  t.maxWindow[s] = 0;
  t.rcvNxt[s] = 0;
  t.rcvWup[s] = 0;
  t.rcvWnd[s] = 0;
  t.rcvSpace[s] = 0;
  t.timedSeq[s] = 0;
  t.recoverSeq[s] = 0;
  t.finSeq[s] = 0;
  t.cwnd[s] = 0;
  t.timedAt[s] = 0;
  t.lastReceivedAt[s] = 0;
  t.heardAt[s] = 0;
  t.lastSentAt[s] = 0;
  t.challengeAt[s] = 0;
  t.retransmitSince[s] = 0;
  t.closedAt[s] = 0;
}

/**
 * A fresh slot, all zero but its generation; its names are still to be set, and it is not yet in the hash.
 */
export function allocateSocket(t: SocketTable): SocketId {
  let s = t.free;
  if (s >= 0) {
    t.free = t.hashNext[s]!;
  } else {
    if (t.high === t.size) grow(t);
    s = t.high++;
  }
  t.generation[s] = t.generation[s]! + 1;
  clear(t, s);
  t.listener[s] = -1;
  t.queueNext[s] = -1;
  t.state[s] = CLOSED;
  t.live++;
  if (t.live > t.buckets.length) rehash(t);
  return s;
}

/** Puts the socket into the hash under the names that it has now. */
export function hashSocket(t: SocketTable, s: SocketId): void {
  const bucket = bucketOf(t, s);
  t.hashNext[s] = t.buckets[bucket]!;
  t.buckets[bucket] = s;
}

/** Takes a hashed socket out of the hash: from now on nothing finds it. */
export function unhashSocket(t: SocketTable, s: SocketId): void {
  const bucket = bucketOf(t, s);
  let at = t.buckets[bucket]!;
  if (at === s) {
    t.buckets[bucket] = t.hashNext[s]!;
  } else {
    while (t.hashNext[at] !== s) at = t.hashNext[at]!;
    t.hashNext[at] = t.hashNext[s]!;
  }
}

/** Gives the slot of an unhashed socket back. */
export function releaseSocket(t: SocketTable, s: SocketId): void {
  if (t.pieces.size > 0) t.pieces.delete(s);
  if (t.clocks.size > 0) t.clocks.delete(s);
  if (t.peerClocks.size > 0) t.peerClocks.delete(s);
  t.state[s] = STATE_FREE;
  t.hashNext[s] = t.free;
  t.free = s;
  t.live--;
}

/** The socket of these names, -1 = none. `udp` tells the two protocols' port spaces apart. */
export function findSocket(
  t: SocketTable,
  host: number,
  localAddress: number,
  localPort: number,
  remoteAddress: number,
  remotePort: number,
  udp: boolean,
): SocketId {
  const hash = tupleHash(host, localAddress, localPort, remoteAddress, remotePort);
  let s = t.buckets[hash & (t.buckets.length - 1)]!;
  while (s >= 0) {
    if (
      t.remoteAddress[s] === remoteAddress &&
      t.remotePort[s] === remotePort &&
      t.localPort[s] === localPort &&
      t.localAddress[s] === localAddress &&
      t.host[s] === host &&
      (t.state[s] === UDP) === udp
    ) {
      return s;
    }
    s = t.hashNext[s]!;
  }
  return -1;
}
