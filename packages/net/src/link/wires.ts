import { lossOf } from '../jitter.ts';
import type { NetInterface, Network } from '../state.ts';

/*
 * What every packet asks of an interface, of the cable that it is plugged in by and of the switch port at the
 * other end, as rows of numbers: reals[(nic.id << WIRE_REALS) | SENT_BYTES]. Up to LIMIT they say what the
 * objects of the interface, its segment and its host say (settleWire).
 */
export const WIRE = 6;
/** The same row in doubles. */
export const WIRE_REALS = 5;
/** PLUGGED, LOSSY ... */
export const STATE = 0;
export const OWN_MAC = 1;
export const ON_SEGMENT = 2;
export const AT_HOST = 3;
/** Of the frames on their way to the switch for it the first and the last, -1 for none; port-line.ts. */
export const FIRST = 4;
export const LAST = 5;
/** Doubles from here on: what a byte takes, ns; 0 = no time, without limit. */
export const BYTE_TIME = 3;
/** How long a frame is underway between the interface and the switch, in either direction, ns. */
export const TO_SWITCH = 4;
export const FROM_SWITCH = 5;
/** Packets that each of the two sending queues holds. */
export const LIMIT = 6;
/** The interface's sending queue, and the switch port's: BACKLOG, BACKLOG_AT, MEAN_PACKET; send-queue.ts. */
export const OUTWARDS = 7;
export const INWARDS = 10;
export const SENT_PACKETS = 13;
export const SENT_BYTES = 14;
const RECEIVED_PACKETS = 15;
const RECEIVED_BYTES = 16;
/**
 * Words again, which count while PLAIN is set, of the packet that came in last: a source that is not the
 * host's own; a destination, and the way there (plain.ts).
 */
export const FOREIGN = 34;
export const TOWARDS = 35;
export const WAY = 36;
/** Ways: to the host itself; as `ip_forward` decides; otherwise a path's place among those that are known. */
export const HERE = -1;
export const ONWARDS = -2;

/** The interface is up, and its host has power: there is a carrier. */
export const PLUGGED = 1;
/** What it sends may be lost; may be held up by jitter. */
export const LOSSY = 2;
export const JITTERY = 4;
/** rp_filter is on. */
export const FILTERED = 8;
/**
 * Neither taps, rules, rp_filter nor a model of the CPU touch what comes in: looked for when a packet comes
 * (plain.ts), and no longer known when something of this may have changed (`forgetPlain`).
 */
export const PLAIN = 16;

/** By interface: two views of the same rows. */
export interface Wires {
  words: Int32Array;
  reals: Float64Array;
  /** PLAIN may be set somewhere: while a network is built, each change of it has nothing to forget. */
  somePlain: boolean;
}

export function createWires(): Wires {
  return { words: new Int32Array(0), reals: new Float64Array(0), somePlain: false };
}

/** Makes room for an interface. */
export function addWire(wires: Wires, interfaceId: number): void {
  const needed = (interfaceId + 1) << WIRE;
  if (needed <= wires.words.length) return;
  const words = new Int32Array(2 * needed);
  words.set(wires.words);
  for (let w = wires.words.length; w < words.length; w += 1 << WIRE) {
    words[w | FIRST] = -1;
    words[w | LAST] = -1;
  }
  wires.words = words;
  wires.reals = new Float64Array(words.buffer);
}

/** To be called after every change of an interface, its segment, its host's power or rp_filter. */
export function settleWire(net: Network, nic: NetInterface): void {
  const { words, reals } = net.wires;
  const [o, r] = [nic.id << WIRE, nic.id << WIRE_REALS];
  const segment = net.segments[nic.segment];
  let state = nic.up && net.hosts[nic.host]!.power ? PLUGGED : 0;
  if (segment !== undefined) {
    if (lossOf(segment, nic) > 0) state |= LOSSY;
    if (segment.jitterNs > 0) state |= JITTERY;
    const half = Math.floor(segment.delayNs / 2);
    reals[r | TO_SWITCH] = half + nic.netemDelayNs;
    reals[r | FROM_SWITCH] = segment.delayNs - half;
    const bits = segment.bandwidthBitsPerSecond;
    reals[r | BYTE_TIME] = bits === 0 ? 0 : 8e9 / bits;
    reals[r | LIMIT] = segment.queuePackets;
  }
  const port = net.link?.ports[nic.id];
  if (port !== undefined) {
    words[o | OWN_MAC] = port.mac;
    if (port.conf.rp_filter !== 0 || net.link!.hosts[nic.host]!.all.rp_filter !== 0) state |= FILTERED;
  }
  words[o | ON_SEGMENT] = nic.segment;
  words[o | AT_HOST] = nic.host;
  words[o | STATE] = state;
}

/** The same for several. */
export function settleWires(net: Network, interfaces: readonly NetInterface[]): void {
  for (const nic of interfaces) settleWire(net, nic);
}

export function notePlain(wires: Wires, interfaceId: number): void {
  const { words } = wires;
  const w = interfaceId << WIRE;
  words[w | STATE]! |= PLAIN;
  words[w | FOREIGN] = 0;
  words[w | TOWARDS] = 0;
  words[w | WAY] = ONWARDS;
  wires.somePlain = true;
}

/** To be called after every change of rules, taps, MTUs, or of what decides where packets go. */
export function forgetPlain({ interfaces, wires }: Network): void {
  if (!wires.somePlain) return;
  wires.somePlain = false;
  for (const { id } of interfaces) wires.words[(id << WIRE) | STATE]! &= ~PLAIN;
}

/** Packets and bytes that an interface has sent and received. */
export interface InterfaceCounters {
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly receivedBytes: number;
}

export function interfaceCounters(net: Network, nic: NetInterface): InterfaceCounters {
  const { reals } = net.wires;
  const r = nic.id << WIRE_REALS;
  return {
    sentPackets: reals[r | SENT_PACKETS]!,
    sentBytes: reals[r | SENT_BYTES]!,
    receivedPackets: reals[r | RECEIVED_PACKETS]!,
    receivedBytes: reals[r | RECEIVED_BYTES]!,
  };
}

/** Packets of so many bytes together leave an interface. */
export function countSent(net: Network, interfaceId: number, packets: number, bytes: number): void {
  const { reals } = net.wires;
  const r = interfaceId << WIRE_REALS;
  reals[r | SENT_PACKETS] = reals[r | SENT_PACKETS]! + packets;
  reals[r | SENT_BYTES] = reals[r | SENT_BYTES]! + bytes;
}

export function countReceived(net: Network, interfaceId: number, packets: number, bytes: number): void {
  const { reals } = net.wires;
  const r = interfaceId << WIRE_REALS;
  reals[r | RECEIVED_PACKETS] = reals[r | RECEIVED_PACKETS]! + packets;
  reals[r | RECEIVED_BYTES] = reals[r | RECEIVED_BYTES]! + bytes;
}
