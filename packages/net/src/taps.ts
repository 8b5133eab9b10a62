import { armTimer } from '@lvscope/des';
import { inPrefix, type Ipv4 } from '@lvscope/inet';
import {
  ACK,
  COUNT,
  DESTINATION,
  DESTINATION_PORT,
  FLAGS,
  ICMP,
  ICMP_CODE,
  ICMP_MTU,
  ICMP_TYPE,
  INNER_DESTINATION,
  INNER_DESTINATION_PORT,
  INNER_PROTOCOL,
  INNER_SOURCE_PORT,
  INNER_TTL,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  PROTOCOL,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
import { packetLength, segmentPayload, tunnelled } from './packets.ts';
import { forgetPaths } from './path-cache.ts';
import type { Host, NetInterface, NetWorld, Network, PacketId, Tap, TapRecord } from './state.ts';

export interface TapOptions {
  /** Name of an interface; all when absent. */
  readonly device?: string;
  /** Only packets whose source or destination lies in this prefix. */
  readonly network?: Ipv4;
  readonly prefixLength?: number;
  /** 'both' when absent. */
  readonly direction?: 'in' | 'out' | 'both';
  /** Records kept, 10000; the oldest go first. */
  readonly capacity?: number;
  /** A timer of the owner's that is to go off at once when something was seen. */
  readonly wakes?: Tap['wakes'];
}

/**
 * Starts recording what arrives at and leaves a host, as tcpdump does: before the filter, also what is not
 * for it.
 */
export function startTap(net: Network, host: Host, options: TapOptions = {}): Tap {
  const nic = host.interfaces.find((i) => i.name === options.device);
  const tap: Tap = {
    id: net.nextTap++,
    host: host.id,
    interfaceId: options.device === undefined ? -1 : (nic?.id ?? -2),
    network: options.network ?? (0 as Ipv4),
    prefixLength: options.prefixLength ?? 0,
    direction: options.direction ?? 'both',
    capacity: options.capacity ?? 10000,
    wakes: options.wakes,
    records: [],
    lost: 0,
  };
  host.taps.push(tap);
  forgetPaths(net);
  return tap;
}

/** What the tap has seen since it was read last, in order of time; it forgets what it hands out. */
export function readTap(tap: Tap): TapRecord[] {
  const records = tap.records.slice(-tap.capacity);
  tap.records = [];
  return records;
}

export function stopTap(net: Network, tap: Tap): void {
  const host = net.hosts[tap.host]!;
  host.taps = host.taps.filter((t) => t.id !== tap.id);
  forgetPaths(net);
}

/** Shows a packet to the host's taps. */
export function tapPacket(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
  direction: 'in' | 'out',
  at: number,
): void {
  const { net, sim } = world;
  const pool = net.packets;
  const source = pool.rows[(packet << PACKET) | SOURCE]! as Ipv4;
  const destination = pool.rows[(packet << PACKET) | DESTINATION]! as Ipv4;
  for (const tap of host.taps) {
    if (tap.interfaceId !== -1 && tap.interfaceId !== nic.id) continue;
    if (tap.direction !== 'both' && tap.direction !== direction) continue;
    if (
      !inPrefix(source, tap.network, tap.prefixLength) &&
      !inPrefix(destination, tap.network, tap.prefixLength)
    ) {
      continue;
    }
    tap.records.push(record(net, nic, packet, direction, at));
    if (tap.wakes !== undefined) armTimer(sim, tap.wakes.bank, tap.wakes.timer, sim.now);
    // Twice the capacity before cutting: one copy per `capacity` packets.
    if (tap.records.length >= 2 * tap.capacity) {
      tap.lost += tap.records.length - tap.capacity;
      tap.records = tap.records.slice(-tap.capacity);
    }
  }
}

function record(
  net: Network,
  nic: NetInterface,
  p: PacketId,
  direction: 'in' | 'out',
  at: number,
): TapRecord {
  const pool = net.packets;
  const icmp = pool.rows[(p << PACKET) | PROTOCOL] === 1;
  return {
    at,
    direction,
    interfaceId: nic.id,
    protocol: pool.rows[(p << PACKET) | PROTOCOL]!,
    source: pool.rows[(p << PACKET) | SOURCE]! as Ipv4,
    sourcePort: pool.rows[(p << PACKET) | SOURCE_PORT]!,
    destination: pool.rows[(p << PACKET) | DESTINATION]! as Ipv4,
    destinationPort: pool.rows[(p << PACKET) | DESTINATION_PORT]!,
    flags: pool.rows[(p << PACKET) | FLAGS]!,
    seq: pool.rows[(p << PACKET) | SEQ]!,
    ack: pool.rows[(p << PACKET) | ACK]!,
    payload: pool.reals[(p << PACKET_REALS) | PAYLOAD]!,
    segmentPayload: segmentPayload(pool, p),
    packets: pool.rows[(p << PACKET) | COUNT]!,
    ttl: pool.rows[(p << PACKET) | TTL]!,
    innerTtl: tunnelled(pool, p) ? pool.rows[(p << PACKET) | INNER_TTL]! : pool.rows[(p << PACKET) | TTL]!,
    length: packetLength(pool, p),
    icmpType: icmp ? pool.icmp[(p << ICMP) | ICMP_TYPE]! : 0,
    icmpCode: icmp ? pool.icmp[(p << ICMP) | ICMP_CODE]! : 0,
    icmpMtu: icmp ? pool.icmp[(p << ICMP) | ICMP_MTU]! : 0,
    innerProtocol: icmp ? pool.icmp[(p << ICMP) | INNER_PROTOCOL]! : 0,
    innerDestination: (icmp ? pool.icmp[(p << ICMP) | INNER_DESTINATION]! : 0) as Ipv4,
    innerSourcePort: icmp ? pool.icmp[(p << ICMP) | INNER_SOURCE_PORT]! : 0,
    innerDestinationPort: icmp ? pool.icmp[(p << ICMP) | INNER_DESTINATION_PORT]! : 0,
    outerSource: pool.rows[(p << PACKET) | OUTER_SOURCE]! as Ipv4,
    outerDestination: pool.rows[(p << PACKET) | OUTER_DESTINATION]! as Ipv4,
  };
}
