import { PROTO_ICMP, PROTO_TCP } from '@lvscope/inet';
import type { PacketId } from './state.ts';

/**
 * IP packets in flight, as a struct of arrays. One id is one packet or a train of `count` packets that
 * follow each other back to back: `payload` is the sum over the train, all but the last are of equal size.
 */
export interface PacketPool {
  size: number;
  live: number;
  free: number;
  nextFree: Int32Array;
  protocol: Uint8Array;
  flags: Uint8Array;
  ttl: Uint8Array;
  /** Bytes of IP and transport header of each packet. */
  headers: Uint8Array;
  /** Bit set: DF 1, hand-made 2. */
  options: Uint8Array;
  source: Uint32Array;
  destination: Uint32Array;
  sourcePort: Uint16Array;
  destinationPort: Uint16Array;
  seq: Uint32Array;
  ack: Uint32Array;
  window: Uint32Array;
  /** MSS option of a SYN, 0 for none. */
  mss: Uint16Array;
  payload: Float64Array;
  /** Payload of every packet of the train but the last, bytes; for a train of ACKs the step of `ack`. */
  unit: Uint16Array;
  count: Uint32Array;
  /** Every so many packets of the train carry PSH, as the last of a GSO burst; 0 = only the last may. */
  pushStep: Uint8Array;
  mark: Uint32Array;
  /** ICMP only: type, code, MTU of a "fragmentation needed" and what the embedded header says. */
  icmpType: Uint8Array;
  icmpCode: Uint8Array;
  icmpMtu: Uint16Array;
  innerProtocol: Uint8Array;
  innerSource: Uint32Array;
  innerDestination: Uint32Array;
  innerSourcePort: Uint16Array;
  innerDestinationPort: Uint16Array;
  /** Of a SYN the clock that its timestamp shows (`clockShown`), 0 for none. */
  innerSeq: Uint32Array;
  innerFlags: Uint8Array;
  /** Also of the packet in a tunnel, while `ttl` is the outer header's. */
  innerTtl: Uint8Array;
  /** DF bit as in `options`. */
  innerOptions: Uint8Array;
  /** IP total length that the quoted header says, and bytes of its IP and transport header. */
  innerLength: Uint16Array;
  innerHeaders: Uint8Array;
  /** IPIP: the outer header, 0 where there is none. For ICMP: of the embedded packet. */
  outerSource: Uint32Array;
  outerDestination: Uint32Array;
}

export const OPTION_DF = 1;
export const OPTION_RAW = 2;
/** The SYN carried what Linux offers: timestamps, SACK, window scale. */
export const OPTION_LINUX = 4;

export function createPacketPool(): PacketPool {
  return {
    size: 0,
    live: 0,
    free: -1,
    nextFree: new Int32Array(0),
    protocol: new Uint8Array(0),
    flags: new Uint8Array(0),
    ttl: new Uint8Array(0),
    headers: new Uint8Array(0),
    options: new Uint8Array(0),
    source: new Uint32Array(0),
    destination: new Uint32Array(0),
    sourcePort: new Uint16Array(0),
    destinationPort: new Uint16Array(0),
    seq: new Uint32Array(0),
    ack: new Uint32Array(0),
    window: new Uint32Array(0),
    mss: new Uint16Array(0),
    unit: new Uint16Array(0),
    payload: new Float64Array(0),
    count: new Uint32Array(0),
    pushStep: new Uint8Array(0),
    mark: new Uint32Array(0),
    icmpType: new Uint8Array(0),
    icmpCode: new Uint8Array(0),
    icmpMtu: new Uint16Array(0),
    innerProtocol: new Uint8Array(0),
    innerSource: new Uint32Array(0),
    innerDestination: new Uint32Array(0),
    innerSourcePort: new Uint16Array(0),
    innerDestinationPort: new Uint16Array(0),
    innerSeq: new Uint32Array(0),
    innerFlags: new Uint8Array(0),
    innerTtl: new Uint8Array(0),
    innerOptions: new Uint8Array(0),
    innerLength: new Uint16Array(0),
    innerHeaders: new Uint8Array(0),
    outerSource: new Uint32Array(0),
    outerDestination: new Uint32Array(0),
  };
}

function grow(pool: PacketPool): void {
  const size = Math.max(256, pool.size * 2);
  const wider = <A extends { length: number; set(from: A): void }>(make: new (n: number) => A, old: A): A => {
    const to = new make(size);
    to.set(old);
    return to;
  };
  pool.nextFree = wider<Int32Array>(Int32Array, pool.nextFree);
  for (const key of [
    'protocol',
    'flags',
    'ttl',
    'headers',
    'options',
    'icmpType',
    'icmpCode',
    'pushStep',
  ] as const) {
    pool[key] = wider<Uint8Array>(Uint8Array, pool[key]);
  }
  for (const key of ['innerProtocol', 'innerFlags', 'innerTtl', 'innerOptions', 'innerHeaders'] as const) {
    pool[key] = wider<Uint8Array>(Uint8Array, pool[key]);
  }
  pool.innerLength = wider<Uint16Array>(Uint16Array, pool.innerLength);
  for (const key of ['sourcePort', 'destinationPort', 'mss', 'unit', 'icmpMtu', 'innerSourcePort'] as const) {
    pool[key] = wider<Uint16Array>(Uint16Array, pool[key]);
  }
  pool.innerDestinationPort = wider<Uint16Array>(Uint16Array, pool.innerDestinationPort);
  for (const key of [
    'source',
    'destination',
    'seq',
    'ack',
    'window',
    'count',
    'mark',
    'innerSource',
  ] as const) {
    pool[key] = wider<Uint32Array>(Uint32Array, pool[key]);
  }
  for (const key of ['innerDestination', 'innerSeq', 'outerSource', 'outerDestination'] as const) {
    pool[key] = wider<Uint32Array>(Uint32Array, pool[key]);
  }
  pool.payload = wider<Float64Array>(Float64Array, pool.payload);
  for (let i = size - 1; i >= pool.size; i--) {
    pool.nextFree[i] = pool.free;
    pool.free = i;
  }
  pool.size = size;
}

/** A packet with these addresses; everything else is what a lone segment without data has. */
export function allocatePacket(
  pool: PacketPool,
  protocol: number,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
): PacketId {
  if (pool.free < 0) grow(pool);
  const p = pool.free;
  pool.free = pool.nextFree[p]!;
  pool.nextFree[p] = -2;
  pool.live++;
  pool.protocol[p] = protocol;
  pool.source[p] = source;
  pool.sourcePort[p] = sourcePort;
  pool.destination[p] = destination;
  pool.destinationPort[p] = destinationPort;
  pool.flags[p] = 0;
  pool.ttl[p] = 64;
  pool.headers[p] = protocol === PROTO_TCP ? 52 : 28;
  pool.options[p] = OPTION_DF;
  pool.seq[p] = 0;
  pool.ack[p] = 0;
  pool.window[p] = 0;
  pool.mss[p] = 0;
  pool.payload[p] = 0;
  pool.unit[p] = 0;
  pool.count[p] = 1;
  pool.pushStep[p] = 0;
  pool.mark[p] = 0;
  pool.outerSource[p] = 0;
  pool.outerDestination[p] = 0;
  return p;
}

/** Gives the packet back. Freeing one twice is a bug and throws. */
export function freePacket(pool: PacketPool, p: PacketId): void {
  if (pool.nextFree[p] !== -2) throw new Error(`packet ${p} freed twice`);
  pool.nextFree[p] = pool.free;
  pool.free = p;
  pool.live--;
}

/** A second packet with all that the first one says. */
export function clonePacket(pool: PacketPool, p: PacketId): PacketId {
  const q = allocatePacket(pool, pool.protocol[p]!, 0, 0, 0, 0);
  pool.source[q] = pool.source[p]!;
  pool.sourcePort[q] = pool.sourcePort[p]!;
  pool.destination[q] = pool.destination[p]!;
  pool.destinationPort[q] = pool.destinationPort[p]!;
  pool.flags[q] = pool.flags[p]!;
  pool.ttl[q] = pool.ttl[p]!;
  pool.headers[q] = pool.headers[p]!;
  pool.options[q] = pool.options[p]!;
  pool.seq[q] = pool.seq[p]!;
  pool.ack[q] = pool.ack[p]!;
  pool.window[q] = pool.window[p]!;
  pool.mss[q] = pool.mss[p]!;
  pool.payload[q] = pool.payload[p]!;
  pool.unit[q] = pool.unit[p]!;
  pool.count[q] = pool.count[p]!;
  pool.pushStep[q] = pool.pushStep[p]!;
  pool.innerSeq[q] = pool.innerSeq[p]!;
  pool.innerTtl[q] = pool.innerTtl[p]!;
  pool.mark[q] = pool.mark[p]!;
  pool.outerSource[q] = pool.outerSource[p]!;
  pool.outerDestination[q] = pool.outerDestination[p]!;
  if (pool.protocol[p] === PROTO_ICMP) cloneQuote(pool, p, q);
  return q;
}

/** What an ICMP packet says beside its header. */
function cloneQuote(pool: PacketPool, p: PacketId, q: PacketId): void {
  for (const key of [
    'icmpType',
    'icmpCode',
    'icmpMtu',
    'innerProtocol',
    'innerSource',
    'innerDestination',
    'innerSourcePort',
    'innerDestinationPort',
    'innerSeq',
    'innerFlags',
    'innerTtl',
    'innerOptions',
    'innerLength',
    'innerHeaders',
  ] as const) {
    pool[key][q] = pool[key][p]!;
  }
}

/** Payload of the train's first (and largest) packet, bytes. */
export function segmentPayload(pool: PacketPool, p: PacketId): number {
  return pool.count[p] === 1 || pool.payload[p] === 0 ? pool.payload[p]! : pool.unit[p]!;
}

/** IP total length of each packet of the train (of the largest), bytes; with the outer header of a tunnel. */
export function packetLength(pool: PacketPool, p: PacketId): number {
  return pool.headers[p]! + segmentPayload(pool, p) + (tunnelled(pool, p) ? 20 : 0);
}

/** IP bytes of the whole train. */
export function trainBytes(pool: PacketPool, p: PacketId): number {
  return (pool.headers[p]! + (tunnelled(pool, p) ? 20 : 0)) * pool.count[p]! + pool.payload[p]!;
}

/**
 * Whether the packet travels inside an IPIP packet (an ICMP error's outer addresses are those that it
 * quotes).
 */
export function tunnelled(pool: PacketPool, p: PacketId): boolean {
  return pool.outerDestination[p] !== 0 && pool.protocol[p] !== 1;
}

/** The address that routers route the packet by: a tunnel's outer one. */
export function routedTo(pool: PacketPool, p: PacketId): number {
  return tunnelled(pool, p) ? pool.outerDestination[p]! : pool.destination[p]!;
}
