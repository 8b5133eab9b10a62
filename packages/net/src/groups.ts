import { schedule, type SimTime } from '@lvscope/des';
import { ipv4, type Ipv4, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { dropPacket } from './drop.ts';
import { wireLength } from './link/fragments.ts';
import { BROADCAST_MAC, isGroupMac, macId } from './link/mac.ts';
import { sendPacketFrame } from './link/send.ts';
import { MAC_BROADCAST, type MacId } from './link/state.ts';
import { countSent } from './link/wires.ts';
import { keepMessage } from './messages.ts';
import { mixPacket, output } from './output.ts';
import {
  DESTINATION,
  DESTINATION_PORT,
  HEADERS,
  OPTIONS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  PROTOCOL,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
import { allocatePacket, clonePacket, freePacket, OPTION_DF, trainBytes } from './packets.ts';
import type { Host, InterfaceAddress, NetHooks, NetInterface, NetWorld, PacketId } from './state.ts';
import { findUdpSocket } from './udp.ts';

/** A datagram that a program makes by hand: to one address, a multicast group, or all of a segment. */
export interface MessagePacket {
  /** PROTO_UDP, or one that only programs know (VRRP is 112). */
  readonly protocol: number;
  readonly source: Ipv4 | number;
  readonly sourcePort: number;
  readonly destination: Ipv4 | number;
  readonly destinationPort: number;
  readonly ttl: number;
  readonly bytes: Uint8Array;
}

const IP_HEADER = 20;
const UDP_HEADER = 8;
const LIMITED_BROADCAST = 0xffffffff;

/** 224.0.0.0/4 */
export function isMulticast(address: Ipv4 | number): boolean {
  return address >>> 28 === 0xe;
}

/** The MAC of a multicast group (RFC 1112): the last 23 bits of the address. */
export function groupMac(address: Ipv4 | number): number {
  return 0x01005e000000 + (address & 0x7fffff);
}

/** An interface hears a multicast group from now on (IP_ADD_MEMBERSHIP), as often as it is called. */
export function joinGroup(nic: NetInterface, group: Ipv4 | number): void {
  nic.groups.push(group);
}

/** Undoes one `joinGroup`. */
export function leaveGroup(nic: NetInterface, group: Ipv4 | number): void {
  const at = nic.groups.indexOf(group);
  if (at >= 0) nic.groups.splice(at, 1);
}

/** The broadcast address of an interface's network (fib_add_ifaddr), 0 for none. */
function broadcastOf({ address, prefixLength }: InterfaceAddress): number {
  if (prefixLength === 0 || prefixLength > 30) return 0;
  return (address | (0xffffffff >>> prefixLength)) >>> 0;
}

/** The broadcast addresses of an interface's networks. */
export function broadcastsOf(nic: NetInterface): Ipv4[] {
  return nic.addresses.map((one) => ipv4(broadcastOf(one))).filter((address) => address !== 0);
}

/** 255.255.255.255, or the broadcast address of one of the interface's networks. */
function isBroadcast(nic: NetInterface, address: number): boolean {
  if (address === LIMITED_BROADCAST) return true;
  return nic.addresses.some((one) => broadcastOf(one) === address >>> 0);
}

/**
 * Whether an interface takes a packet for everybody: a group that it has joined, or a broadcast. TCP never
 * is.
 */
export function isForAll(world: NetWorld, nic: NetInterface, p: PacketId): boolean {
  const pool = world.net.packets;
  if (pool.rows[(p << PACKET) | PROTOCOL] === PROTO_TCP) return false;
  const address = pool.rows[(p << PACKET) | DESTINATION]!;
  return isMulticast(address) ? nic.groups.includes(address) : isBroadcast(nic, address);
}

/** Whether a frame to a multicast MAC is for a group that the interface has joined. */
export function hearsMac(world: NetWorld, nic: NetInterface, mac: MacId): boolean {
  if (nic.groups.length === 0) return false;
  const wanted = world.net.link!.macs[mac]!;
  return isGroupMac(wanted) && nic.groups.some((group) => groupMac(group) === wanted);
}

/** A packet for everybody, at one of them: nobody complains where no program listens. */
export function groupInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  p: PacketId,
): void {
  const pool = world.net.packets;
  if (pool.rows[(p << PACKET) | PROTOCOL] !== PROTO_UDP) {
    hooks.message?.(world, host, nic, p);
    return freePacket(pool, p);
  }
  const s = findUdpSocket(
    world.net.sockets,
    host,
    pool.rows[(p << PACKET) | DESTINATION]!,
    pool.rows[(p << PACKET) | DESTINATION_PORT]!,
    pool.rows[(p << PACKET) | SOURCE]!,
    pool.rows[(p << PACKET) | SOURCE_PORT]!,
  );
  if (s < 0) return dropPacket(world, hooks, host, p, 'no-socket');
  hooks.datagram(world, host, s, p);
  freePacket(pool, p);
}

/**
 * Sends a message out of an interface. To a group or a broadcast address it goes to the whole segment,
 * whatever the routes say; to one address it is routed. Nothing leaves a host without power or an
 * interface that is down.
 */
export function sendMessage(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  message: MessagePacket,
): void {
  if (!host.power || !nic.up || nic.segment < 0) return;
  const { net } = world;
  const pool = net.packets;
  const { protocol, source, destination } = message;
  const p = allocatePacket(pool, protocol, source, message.sourcePort, destination, message.destinationPort);
  pool.rows[(p << PACKET) | HEADERS] = protocol === PROTO_UDP ? IP_HEADER + UDP_HEADER : IP_HEADER;
  pool.reals[(p << PACKET_REALS) | PAYLOAD] = message.bytes.length;
  pool.rows[(p << PACKET) | TTL] = message.ttl;
  pool.rows[(p << PACKET) | OPTIONS] = OPTION_DF;
  pool.rows[(p << PACKET) | SEQ] = keepMessage(net, message.bytes);
  const multicast = isMulticast(destination);
  if (!multicast && !isBroadcast(nic, destination)) {
    output(world, hooks, host, p);
    return;
  }
  mixPacket(world, p);
  if (net.link === undefined) return toSegment(world, nic, p);
  const mac = multicast ? macId(net.link, groupMac(destination)) : macId(net.link, BROADCAST_MAC);
  sendPacketFrame(world, hooks, host, nic, p, wireLength(net, p), mac);
}

/** Connection level: a copy for each interface of the segment that hears it. */
function toSegment(world: NetWorld, nic: NetInterface, p: PacketId): void {
  const { net, sim } = world;
  const segment = net.segments[nic.segment]!;
  const at = (sim.now + segment.delayNs) as SimTime;
  for (const other of segment.interfaces) {
    if (other === nic || !other.up || !isForAll(world, other, p)) continue;
    schedule(sim, at, net.kinds.arrive, clonePacket(net.packets, p), other.id);
  }
  countSent(net, nic.id, 1, trainBytes(net.packets, p));
  freePacket(net.packets, p);
}

/** Whether a frame goes to more than one: broadcast or multicast. */
export function isForMany(world: NetWorld, mac: MacId): boolean {
  return mac === MAC_BROADCAST || isGroupMac(world.net.link!.macs[mac]!);
}
