import { armTimer } from '@lvscope/des';
import { inPrefix, type Ipv4 } from '@lvscope/inet';
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
  const source = pool.source[packet]! as Ipv4;
  const destination = pool.destination[packet]! as Ipv4;
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
  const icmp = pool.protocol[p] === 1;
  return {
    at,
    direction,
    interfaceId: nic.id,
    protocol: pool.protocol[p]!,
    source: pool.source[p]! as Ipv4,
    sourcePort: pool.sourcePort[p]!,
    destination: pool.destination[p]! as Ipv4,
    destinationPort: pool.destinationPort[p]!,
    flags: pool.flags[p]!,
    seq: pool.seq[p]!,
    ack: pool.ack[p]!,
    payload: pool.payload[p]!,
    segmentPayload: segmentPayload(pool, p),
    packets: pool.count[p]!,
    ttl: pool.ttl[p]!,
    innerTtl: tunnelled(pool, p) ? pool.innerTtl[p]! : pool.ttl[p]!,
    length: packetLength(pool, p),
    icmpType: icmp ? pool.icmpType[p]! : 0,
    icmpCode: icmp ? pool.icmpCode[p]! : 0,
    icmpMtu: icmp ? pool.icmpMtu[p]! : 0,
    innerProtocol: icmp ? pool.innerProtocol[p]! : 0,
    innerDestination: (icmp ? pool.innerDestination[p]! : 0) as Ipv4,
    innerSourcePort: icmp ? pool.innerSourcePort[p]! : 0,
    innerDestinationPort: icmp ? pool.innerDestinationPort[p]! : 0,
    outerSource: pool.outerSource[p]! as Ipv4,
    outerDestination: pool.outerDestination[p]! as Ipv4,
  };
}
