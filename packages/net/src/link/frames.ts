import { ETHERTYPE_ARP, ETHERTYPE_IPV4 } from './state.ts';
import type { FrameId, FramePool, LinkLayer, MacId } from './state.ts';

export function createFramePool(): FramePool {
  return {
    size: 0,
    live: 0,
    free: -1,
    nextFree: new Int32Array(0),
    source: new Int32Array(0),
    destination: new Int32Array(0),
    ethertype: new Uint16Array(0),
    packet: new Int32Array(0),
    operation: new Uint8Array(0),
    senderMac: new Int32Array(0),
    senderAddress: new Uint32Array(0),
    targetMac: new Int32Array(0),
    targetAddress: new Uint32Array(0),
    from: new Int32Array(0),
    bytes: new Int32Array(0),
    copy: new Uint8Array(0),
    serial: new Float64Array(0),
    contents: new Int32Array(0),
    described: new Int32Array(0),
  };
}

function wider<A extends { set(from: A): void }>(make: new (n: number) => A, old: A, size: number): A {
  const to = new make(size);
  to.set(old);
  return to;
}

const INT32 = [
  'nextFree',
  'source',
  'destination',
  'packet',
  'senderMac',
  'targetMac',
  'from',
  'bytes',
  'contents',
  'described',
] as const;

function grow(pool: FramePool): void {
  const size = Math.max(256, pool.size * 2);
  for (const key of INT32) pool[key] = wider<Int32Array>(Int32Array, pool[key], size);
  for (const key of ['operation', 'copy'] as const) {
    pool[key] = wider<Uint8Array>(Uint8Array, pool[key], size);
  }
  for (const key of ['senderAddress', 'targetAddress'] as const) {
    pool[key] = wider<Uint32Array>(Uint32Array, pool[key], size);
  }
  pool.ethertype = wider<Uint16Array>(Uint16Array, pool.ethertype, size);
  pool.serial = wider<Float64Array>(Float64Array, pool.serial, size);
  for (let i = size - 1; i >= pool.size; i--) {
    pool.nextFree[i] = pool.free;
    pool.free = i;
  }
  pool.size = size;
}

function allocate(link: LinkLayer, source: MacId, destination: MacId, from: number): FrameId {
  const pool = link.frames;
  if (pool.free < 0) grow(pool);
  const f = pool.free;
  pool.free = pool.nextFree[f]!;
  pool.nextFree[f] = -2;
  pool.live++;
  link.made++;
  pool.source[f] = source;
  pool.destination[f] = destination;
  pool.from[f] = from;
  pool.copy[f] = 0;
  pool.serial[f] = link.made;
  return f;
}

/** A frame that carries an IPv4 packet of so many bytes. */
export function packetFrame(
  link: LinkLayer,
  source: MacId,
  destination: MacId,
  from: number,
  packet: number,
  bytes: number,
): FrameId {
  const f = allocate(link, source, destination, from);
  link.frames.ethertype[f] = ETHERTYPE_IPV4;
  link.frames.packet[f] = packet;
  link.frames.bytes[f] = bytes;
  return f;
}

/** Bytes of ARP for IPv4 over Ethernet, padded to the least frame. */
const ARP_BYTES = 46;

/** ARP's own fields (RFC 826). */
export interface ArpFields {
  readonly operation: number;
  readonly senderMac: MacId;
  readonly senderAddress: number;
  readonly targetMac: MacId;
  readonly targetAddress: number;
}

export function arpFrame(
  link: LinkLayer,
  source: MacId,
  destination: MacId,
  from: number,
  arp: ArpFields,
): FrameId {
  const f = allocate(link, source, destination, from);
  const pool = link.frames;
  pool.ethertype[f] = ETHERTYPE_ARP;
  pool.packet[f] = -1;
  pool.bytes[f] = ARP_BYTES;
  pool.operation[f] = arp.operation;
  pool.senderMac[f] = arp.senderMac;
  pool.senderAddress[f] = arp.senderAddress;
  pool.targetMac[f] = arp.targetMac;
  pool.targetAddress[f] = arp.targetAddress;
  return f;
}

/** A second frame with the same fields, round another packet (-1 for ARP). */
export function copyFrame(link: LinkLayer, f: FrameId, packet: number): FrameId {
  const pool = link.frames;
  const g = allocate(link, pool.source[f]!, pool.destination[f]!, pool.from[f]!);
  pool.ethertype[g] = pool.ethertype[f]!;
  pool.packet[g] = packet;
  pool.bytes[g] = pool.bytes[f]!;
  pool.operation[g] = pool.operation[f]!;
  pool.senderMac[g] = pool.senderMac[f]!;
  pool.senderAddress[g] = pool.senderAddress[f]!;
  pool.targetMac[g] = pool.targetMac[f]!;
  pool.targetAddress[g] = pool.targetAddress[f]!;
  pool.copy[g] = 1;
  pool.serial[g] = pool.serial[f]!;
  pool.contents[g] = pool.contents[f]!;
  pool.described[g] = pool.described[f]!;
  return g;
}

/**
 * The end of a frame; what it carried is the caller's. Ending one twice is a bug and throws.
 * @param end its place in FRAME_ENDS
 */
export function endFrame(link: LinkLayer, f: FrameId, end: number): void {
  const pool = link.frames;
  if (pool.nextFree[f] !== -2) throw new Error(`frame ${f} ended twice`);
  pool.nextFree[f] = pool.free;
  pool.free = f;
  pool.live--;
  link.ended[end] = link.ended[end]! + 1;
}
