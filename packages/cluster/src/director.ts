import { type Ipv4, ipv4, PROTO_ICMP, PROTO_UDP } from '@lvscope/inet';
import {
  callIdOf,
  FORWARD_BYPASS,
  FORWARD_LOCAL,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  forwardHook,
  getSysctl,
  icmpIn,
  type Ipvs,
  localIn,
  type Packet,
  VERDICT_ACCEPT,
  VERDICT_DROP,
  VERDICT_FORWARD,
  VERDICT_TRANSLATE,
  VERDICT_UNREACHABLE,
} from '@lvscope/ipvs';
import {
  deliverLocally,
  dropPacket,
  forwardPacket,
  type HookResult,
  type Host,
  icmpUnreachable,
  isLocal,
  messageOf,
  noteDecision,
  type PacketId,
  packetLength,
  packetRow,
  sendTo,
  type SendTarget,
  trainBytes,
  translateDestination,
  translateSource,
} from '@lvscope/net';
import type { World } from './world.ts';
import { HOOKS } from './wiring.ts';

const ICMP_UNREACHABLE = 3;
const ICMP_PORT_UNREACHABLE = 3;
const ICMP_FRAGMENTATION_NEEDED = 4;
const OUTER_HEADER_BYTES = 20;

/** What IPVS reads, filled anew for every packet; nothing of it outlives the call. */
const header: Packet = {
  protocol: 0,
  source: ipv4(0),
  sourcePort: 0,
  destination: ipv4(0),
  destinationPort: 0,
  flags: 0,
  chunk: 0,
  bytes: 0,
  length: 0,
  packets: 1,
  mark: 0,
  callId: undefined,
};

/** Where a packet is sent, filled anew like the header. */
const target: { -readonly [K in keyof SendTarget]-?: SendTarget[K] } = {
  method: 'route',
  address: 0,
  port: 0,
  pmtuDisc: true,
  astray: false,
};

function isIcmp(world: World, packet: PacketId): boolean {
  return world.net.packets.rows[(packet << packetRow.PACKET) | packetRow.PROTOCOL] === PROTO_ICMP;
}

function ipvsAt(world: World, host: Host): Ipvs | undefined {
  const { directors } = world;
  // an index, because this is asked for every packet and is short enough then to be built into its callers
  for (let i = 0; i < directors.length; i++) if (directors[i]!.host === host.id) return directors[i]!.ipvs;
  return undefined;
}

function readHeader(world: World, packet: PacketId): Packet {
  const pool = world.net.packets;
  const o = packet << packetRow.PACKET;
  header.protocol = pool.rows[o | packetRow.PROTOCOL]!;
  header.source = pool.rows[o | packetRow.SOURCE]! as Ipv4;
  header.sourcePort = pool.rows[o | packetRow.SOURCE_PORT]!;
  header.destination = pool.rows[o | packetRow.DESTINATION]! as Ipv4;
  header.destinationPort = pool.rows[o | packetRow.DESTINATION_PORT]!;
  header.flags = pool.rows[o | packetRow.FLAGS]!;
  header.packets = pool.rows[o | packetRow.COUNT]!;
  header.length = packetLength(pool, packet);
  header.bytes = header.packets === 1 ? header.length : trainBytes(pool, packet);
  header.mark = pool.rows[o | packetRow.MARK]!;
  header.callId = header.protocol === PROTO_UDP ? callIdIn(world, packet) : undefined;
  return header;
}

function callIdIn(world: World, packet: PacketId): string | undefined {
  const message = messageOf(world.net, packet);
  return message && callIdOf(message);
}

/** The packet that an ICMP error quotes, with the error's own length. */
function readQuoted(world: World, packet: PacketId): Packet {
  const pool = world.net.packets;
  const i = packet << packetRow.ICMP;
  header.protocol = pool.icmp[i | packetRow.INNER_PROTOCOL]!;
  header.source = pool.icmp[i | packetRow.INNER_SOURCE]! as Ipv4;
  header.sourcePort = pool.icmp[i | packetRow.INNER_SOURCE_PORT]!;
  header.destination = pool.icmp[i | packetRow.INNER_DESTINATION]! as Ipv4;
  header.destinationPort = pool.icmp[i | packetRow.INNER_DESTINATION_PORT]!;
  header.flags = 0;
  header.length = packetLength(pool, packet);
  header.bytes = header.length;
  header.packets = 1;
  header.mark = 0;
  header.callId = undefined;
  return header;
}

/** LOCAL_IN of a director, after its filter: IPVS sees replies first, then requests. */
export function directorLocalIn(world: World, host: Host, packet: PacketId): HookResult {
  const ipvs = ipvsAt(world, host);
  if (ipvs === undefined) return 'accept';
  if (isIcmp(world, packet)) return icmpLocalIn(world, ipvs, host, packet);
  const decided = ipvs.ring.count;
  const code = localIn(ipvs, world.sim, readHeader(world, packet));
  if (ipvs.ring.count > decided) noteDecision(world, host, packet, decided);
  switch (code) {
    case VERDICT_FORWARD:
      forwardToServer(world, ipvs, host, packet);
      return 'stolen';
    case VERDICT_UNREACHABLE:
      icmpUnreachable(world, HOOKS, host, packet, ICMP_PORT_UNREACHABLE);
      dropPacket(world, HOOKS, host, packet, 'hook');
      return 'stolen';
    case VERDICT_DROP:
      dropPacket(world, HOOKS, host, packet, 'hook');
      return 'stolen';
    case VERDICT_TRANSLATE:
      translateSource(world.net, packet, ipvs.verdict.address, ipvs.verdict.port);
      return 'accept';
    case VERDICT_ACCEPT:
      return 'accept';
  }
}

function forwardToServer(world: World, ipvs: Ipvs, host: Host, packet: PacketId): void {
  const { method, address, port } = ipvs.verdict;
  const destination = ipvs.destinationsById[ipvs.verdict.destination];
  if (
    destination !== undefined &&
    (destination.routeMadeBy < 0 || destination.routeMadeAt !== host.routeChanges)
  ) {
    destination.routeMadeBy = method;
    destination.routeMadeAt = host.routeChanges;
  }
  if (method === FORWARD_LOCAL) return deliverLocally(world, host, packet);
  if (method === FORWARD_BYPASS) return void forwardPacket(world, HOOKS, host, packet);
  target.method = method === FORWARD_MASQ ? 'masq' : method === FORWARD_TUNNEL ? 'tunnel' : 'route';
  target.address = address;
  target.port = port;
  target.pmtuDisc = method !== FORWARD_TUNNEL || getSysctl(ipvs, 'pmtu_disc') !== '0';
  target.astray =
    method === FORWARD_ROUTE && destination !== undefined && destination.routeMadeBy !== FORWARD_ROUTE;
  sendTo(world, HOOKS, host, packet, target);
}

/** FORWARD of a director: replies of NAT's connections get the virtual address back. */
export function directorForward(world: World, host: Host, packet: PacketId): HookResult {
  const ipvs = ipvsAt(world, host);
  if (ipvs === undefined) return 'accept';
  if (isIcmp(world, packet)) {
    const code = icmpIn(ipvs, world.sim, readQuoted(world, packet), 'out');
    if (code === VERDICT_TRANSLATE) {
      translateSource(world.net, packet, ipvs.verdict.address, ipvs.verdict.port);
    }
    return 'accept';
  }
  const code = forwardHook(ipvs, world.sim, readHeader(world, packet));
  if (code === VERDICT_TRANSLATE) {
    translateSource(world.net, packet, ipvs.verdict.address, ipvs.verdict.port);
    return 'accept';
  }
  if (code === VERDICT_DROP || code === VERDICT_UNREACHABLE) {
    if (code === VERDICT_UNREACHABLE) icmpUnreachable(world, HOOKS, host, packet, ICMP_PORT_UNREACHABLE);
    dropPacket(world, HOOKS, host, packet, 'hook');
    return 'stolen';
  }
  return 'accept';
}

/**
 * An ICMP error for the director: about its own tunnel packet, or about a reply that a client's side
 * refused.
 */
function icmpLocalIn(world: World, ipvs: Ipvs, host: Host, packet: PacketId): HookResult {
  const pool = world.net.packets;
  const tunnel = pool.rows[(packet << packetRow.PACKET) | packetRow.OUTER_DESTINATION] !== 0;
  const quoted = readQuoted(world, packet);
  const code = icmpIn(ipvs, world.sim, quoted, tunnel ? 'tunnel' : 'in');
  if (tunnel) {
    if (ipvs.verdict.connection < 0) return 'accept';
    passTunnelError(world, host, packet);
    return 'stolen';
  }
  if (code !== VERDICT_FORWARD) return 'accept';
  const { method, address, port } = ipvs.verdict;
  if (method === FORWARD_MASQ) translateDestination(world.net, packet, address, port);
  if (isLocal(host, address)) return 'accept';
  sendTo(world, HOOKS, host, packet, {
    method: method === FORWARD_TUNNEL ? 'tunnel' : 'route',
    address,
    port: 0,
  });
  return 'stolen';
}

/**
 * The client hears of a tunnel's trouble from the virtual address: the error is turned round and sent on.
 * What a
 * server's tunnel refuses is "port unreachable" to the client; a too small MTU loses the outer header
 * (ip_vs_in_icmp).
 */
function passTunnelError(world: World, host: Host, packet: PacketId): void {
  const pool = world.net.packets;
  const o = packet << packetRow.PACKET;
  const i = packet << packetRow.ICMP;
  const unreachable = pool.icmp[i | packetRow.ICMP_TYPE] === ICMP_UNREACHABLE;
  if (unreachable && pool.icmp[i | packetRow.ICMP_CODE] === ICMP_FRAGMENTATION_NEEDED) {
    pool.icmp[i | packetRow.ICMP_MTU] = Math.max(0, pool.icmp[i | packetRow.ICMP_MTU]! - OUTER_HEADER_BYTES);
  } else if (unreachable) {
    pool.icmp[i | packetRow.ICMP_CODE] = ICMP_PORT_UNREACHABLE;
  }
  pool.rows[o | packetRow.SOURCE] = pool.icmp[i | packetRow.INNER_DESTINATION]!;
  pool.rows[o | packetRow.DESTINATION] = pool.icmp[i | packetRow.INNER_SOURCE]!;
  pool.reals[(packet << packetRow.PACKET_REALS) | packetRow.PAYLOAD] = Math.max(
    0,
    pool.reals[(packet << packetRow.PACKET_REALS) | packetRow.PAYLOAD]! - OUTER_HEADER_BYTES,
  );
  // made anew; forwarding takes one off
  pool.rows[o | packetRow.TTL] = host.sysctl.ip_default_ttl + 1;
  pool.rows[o | packetRow.OUTER_SOURCE] = 0;
  pool.rows[o | packetRow.OUTER_DESTINATION] = 0;
  forwardPacket(world, HOOKS, host, packet);
}

/** LOCAL_OUT of a director: its own ICMP errors about a connection's packets are counted with it. */
export function directorLocalOut(world: World, host: Host, packet: PacketId): HookResult {
  const ipvs = ipvsAt(world, host);
  if (ipvs !== undefined && isIcmp(world, packet)) {
    const code = icmpIn(ipvs, world.sim, readQuoted(world, packet), 'out');
    // what the client hears of a NAT server that does not answer speaks of the virtual address
    if (code === VERDICT_TRANSLATE && world.net.link !== undefined) {
      translateSource(world.net, packet, ipvs.verdict.address, ipvs.verdict.port);
    }
  }
  return 'accept';
}
