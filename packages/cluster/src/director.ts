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
  packetLength,
  trainBytes,
  type PacketId,
  sendTo,
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

function ipvsAt(world: World, host: Host): Ipvs | undefined {
  for (const director of world.directors) if (director.host === host.id) return director.ipvs;
  return undefined;
}

function readHeader(world: World, packet: PacketId): Packet {
  const pool = world.net.packets;
  header.protocol = pool.protocol[packet]!;
  header.source = pool.source[packet]! as Ipv4;
  header.sourcePort = pool.sourcePort[packet]!;
  header.destination = pool.destination[packet]! as Ipv4;
  header.destinationPort = pool.destinationPort[packet]!;
  header.flags = pool.flags[packet]!;
  header.length = packetLength(pool, packet);
  header.bytes = trainBytes(pool, packet);
  header.packets = pool.count[packet]!;
  header.mark = pool.mark[packet]!;
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
  header.protocol = pool.innerProtocol[packet]!;
  header.source = pool.innerSource[packet]! as Ipv4;
  header.sourcePort = pool.innerSourcePort[packet]!;
  header.destination = pool.innerDestination[packet]! as Ipv4;
  header.destinationPort = pool.innerDestinationPort[packet]!;
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
  if (world.net.packets.protocol[packet] === PROTO_ICMP) return icmpLocalIn(world, ipvs, host, packet);
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
  if (destination !== undefined && destination.routeMadeBy < 0) destination.routeMadeBy = method;
  if (method === FORWARD_LOCAL) deliverLocally(world, host, packet);
  else if (method === FORWARD_BYPASS) forwardPacket(world, HOOKS, host, packet);
  else if (method === FORWARD_MASQ) sendTo(world, HOOKS, host, packet, { method: 'masq', address, port });
  else if (method === FORWARD_TUNNEL) {
    const pmtuDisc = getSysctl(ipvs, 'pmtu_disc') !== '0';
    sendTo(world, HOOKS, host, packet, { method: 'tunnel', address, port, pmtuDisc });
  } else {
    const astray = destination !== undefined && destination.routeMadeBy !== FORWARD_ROUTE;
    sendTo(world, HOOKS, host, packet, { method: 'route', address, port, astray });
  }
}

/** FORWARD of a director: replies of NAT's connections get the virtual address back. */
export function directorForward(world: World, host: Host, packet: PacketId): HookResult {
  const ipvs = ipvsAt(world, host);
  if (ipvs === undefined) return 'accept';
  if (world.net.packets.protocol[packet] === PROTO_ICMP) {
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
  const tunnel = pool.outerDestination[packet] !== 0;
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
  const unreachable = pool.icmpType[packet] === ICMP_UNREACHABLE;
  if (unreachable && pool.icmpCode[packet] === ICMP_FRAGMENTATION_NEEDED) {
    pool.icmpMtu[packet] = Math.max(0, pool.icmpMtu[packet]! - OUTER_HEADER_BYTES);
  } else if (unreachable) {
    pool.icmpCode[packet] = ICMP_PORT_UNREACHABLE;
  }
  pool.source[packet] = pool.innerDestination[packet]!;
  pool.destination[packet] = pool.innerSource[packet]!;
  pool.payload[packet] = Math.max(0, pool.payload[packet]! - OUTER_HEADER_BYTES);
  pool.ttl[packet] = host.sysctl.ip_default_ttl + 1; // made anew; forwarding takes one off
  pool.outerSource[packet] = 0;
  pool.outerDestination[packet] = 0;
  forwardPacket(world, HOOKS, host, packet);
}

/** LOCAL_OUT of a director: its own ICMP errors about a connection's packets are counted with it. */
export function directorLocalOut(world: World, host: Host, packet: PacketId): HookResult {
  const ipvs = ipvsAt(world, host);
  if (ipvs !== undefined && world.net.packets.protocol[packet] === PROTO_ICMP) {
    const code = icmpIn(ipvs, world.sim, readQuoted(world, packet), 'out');
    // what the client hears of a NAT server that does not answer speaks of the virtual address
    if (code === VERDICT_TRANSLATE && world.net.link !== undefined) {
      translateSource(world.net, packet, ipvs.verdict.address, ipvs.verdict.port);
    }
  }
  return 'accept';
}
