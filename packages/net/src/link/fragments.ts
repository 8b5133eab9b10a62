import { OPTIONS, PACKET } from '../packet-row.ts';
import { clonePacket, freePacket, packetLength, routedTo } from '../packets.ts';
import type { Host, NetWorld, Network, PacketId } from '../state.ts';

/** Bits of a packet's `options`: it is a fragment of one; it may be fragmented whatever its sender said. */
export const OPTION_FRAGMENT = 32;
export const OPTION_MAY_FRAGMENT = 64;
/** Put together from fragments: it may not leave in larger ones than it came in (IPCB frag_max_size). */
export const OPTION_REASSEMBLED = 128;

const IP_HEADER = 20;

/** Which part of a packet a fragment has, bytes after the (outer) IP header. */
export interface Fragment {
  readonly group: number;
  readonly offset: number;
  readonly bytes: number;
  readonly last: boolean;
}

/** Fragments of one packet that a host has so far. */
export interface Reassembly {
  bytes: number;
  /** IP length of the largest one. */
  largest: number;
  /** -1 until the last one has come. */
  total: number;
}

export function fragmentOf(net: Network, packet: PacketId): Fragment | undefined {
  if ((net.packets.rows[(packet << PACKET) | OPTIONS]! & OPTION_FRAGMENT) === 0) return undefined;
  return net.link?.fragments.get(packet);
}

/** IP total length of what travels: of a fragment its own. */
export function wireLength(net: Network, packet: PacketId): number {
  const fragment = fragmentOf(net, packet);
  return fragment === undefined ? packetLength(net.packets, packet) : IP_HEADER + fragment.bytes;
}

/** Cuts a packet into fragments for an MTU (ip_fragment). The packet itself is gone afterwards. */
export function cut(world: NetWorld, packet: PacketId, linkMtu: number): PacketId[] {
  const { net } = world;
  const link = net.link!;
  const together = (net.packets.rows[(packet << PACKET) | OPTIONS]! & OPTION_REASSEMBLED) !== 0;
  const mtu = together ? Math.min(linkMtu, link.largestFragment.get(packet) ?? linkMtu) : linkMtu;
  const whole = fragmentOf(net, packet);
  const bytes = whole?.bytes ?? packetLength(net.packets, packet) - IP_HEADER;
  const start = whole?.offset ?? 0;
  const group = whole?.group ?? link.nextFragmentGroup++;
  const most = Math.max(8, Math.floor((mtu - IP_HEADER) / 8) * 8);
  const pieces: PacketId[] = [];
  for (let from = 0; from < bytes; from += most) {
    const piece = clonePacket(net.packets, packet);
    net.packets.rows[(piece << PACKET) | OPTIONS] =
      net.packets.rows[(piece << PACKET) | OPTIONS]! | OPTION_FRAGMENT;
    const length = Math.min(most, bytes - from);
    const last = from + length === bytes && (whole?.last ?? true);
    link.fragments.set(piece, { group, offset: start + from, bytes: length, last });
    pieces.push(piece);
  }
  freePacket(net.packets, packet);
  return pieces;
}

/**
 * A fragment has reached the host that it is for (ip_defrag). The packet is the function's from here on.
 * @returns the whole packet when nothing is missing any more, else -1
 */
export function reassemble(world: NetWorld, host: Host, packet: PacketId): PacketId {
  const { net } = world;
  const fragment = fragmentOf(net, packet);
  if (fragment === undefined) return packet;
  const link = net.link!;
  const key = `${host.id} ${routedTo(net.packets, packet)} ${fragment.group}`;
  const known = link.reassemblies.get(key) ?? { bytes: 0, largest: 0, total: -1 };
  known.largest = Math.max(known.largest, IP_HEADER + fragment.bytes);
  known.bytes += fragment.bytes;
  if (fragment.last) known.total = fragment.offset + fragment.bytes;
  link.fragments.delete(packet);
  if (known.bytes === known.total) {
    link.reassemblies.delete(key);
    const options = net.packets.rows[(packet << PACKET) | OPTIONS]!;
    net.packets.rows[(packet << PACKET) | OPTIONS] = (options & ~OPTION_FRAGMENT) | OPTION_REASSEMBLED;
    link.largestFragment.set(packet, known.largest);
    return packet;
  }
  link.reassemblies.set(key, known);
  freePacket(net.packets, packet);
  return -1;
}
