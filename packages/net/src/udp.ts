import { type Ipv4, PROTO_UDP } from '@lvscope/inet';
import { dropPacket } from './drop.ts';
import { icmpUnreachable } from './icmp.ts';
import { ICMP_PORT_UNREACHABLE } from './icmp-error.ts';
import { keepMessage } from './messages.ts';
import { output } from './output.ts';
import {
  DESTINATION,
  DESTINATION_PORT,
  OPTIONS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
import { allocatePacket, freePacket } from './packets.ts';
import { isLocal } from './addresses.ts';
import { mtuTowards } from './paths.ts';
import { sourceFor } from './routes.ts';
import {
  allocateSocket,
  CLOSED,
  findSocket,
  FLAG_OWNED,
  hashSocket,
  releaseSocket,
  type SocketTable,
  UDP,
  unhashSocket,
} from './socket-table.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { countState } from './tcp-end.ts';
import { OPTION_DF } from './packets.ts';

/** Bytes of IP and UDP header. */
const UDP_HEADERS = 28;

export interface UdpOptions {
  /** 0 or absent: any address (a server), or by the route (a client). */
  readonly source?: Ipv4 | number;
  /** 0 or absent: an ephemeral port. */
  readonly sourcePort?: number;
  /** connect(2): only datagrams from there are received. */
  readonly destination?: Ipv4 | number;
  readonly destinationPort?: number;
  readonly app?: number;
  readonly appData?: number;
}

/** Opens a UDP socket: bound for a server, connected for a client. */
export function udpOpen(
  world: NetWorld,
  host: Host,
  options: UdpOptions,
): SocketId | 'address-in-use' | 'ports-exhausted' | 'unreachable' {
  const t = world.net.sockets;
  const destination = options.destination ?? 0;
  const destinationPort = destination === 0 ? 0 : (options.destinationPort ?? 0);
  let source = options.source ?? 0;
  if (destination !== 0 && source === 0) {
    const chosen = isLocal(host, destination) ? destination : sourceFor(host, destination);
    if (chosen === undefined) return 'unreachable';
    source = chosen;
  }
  const taken = (port: number): boolean =>
    findSocket(t, host.id, source, port, destination, destinationPort, true) >= 0;
  let port = options.sourcePort ?? 0;
  if (port === 0) {
    const [low, high] = host.sysctl.ip_local_port_range;
    const range = high - low + 1;
    const start = host.portHints[0]!;
    for (let i = 0; i < range && port === 0; i++) {
      const candidate = low + ((start + i) % range);
      if (!taken(candidate)) port = candidate;
    }
    if (port === 0) return 'ports-exhausted';
    host.portHints[0] = port - low + 1;
  } else if (taken(port)) {
    return 'address-in-use';
  }
  const s = allocateSocket(t);
  t.host[s] = host.id;
  t.localAddress[s] = source;
  t.localPort[s] = port;
  t.remoteAddress[s] = destination;
  t.remotePort[s] = destinationPort;
  t.app[s] = options.app ?? 0;
  t.appData[s] = options.appData ?? 0;
  t.flags[s] = FLAG_OWNED;
  countState(world, s, UDP);
  hashSocket(t, s);
  return s;
}

export interface UdpDestination {
  /** The sender's address where the socket is bound to any; 0: by the route. */
  readonly source?: Ipv4 | number;
  readonly destination: Ipv4 | number;
  readonly destinationPort: number;
  /**
   * IP_MTU_DISCOVER: 'dont' sends without DF, 'want' (when absent) with DF what fits the path and the rest
   * in fragments, 'do' refuses what does not fit (EMSGSIZE).
   */
  readonly pathMtuDiscovery?: 'dont' | 'want' | 'do';
}

/** 'no-route' is ENETUNREACH or no destination, 'too-big' EMSGSIZE. */
export type UdpSendResult = 'sent' | 'no-route' | 'too-big';

/**
 * Sends one datagram, to `to` or to where the socket is connected.
 * @param message what it says, `bytes` long, where somebody on the way or at the end reads it
 */
export function udpSend(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  bytes: number,
  to?: UdpDestination,
  message?: Uint8Array,
): UdpSendResult {
  const { net } = world;
  const t = net.sockets;
  if (t.state[s] !== UDP) return 'no-route';
  const host = net.hosts[t.host[s]!]!;
  const destination = to?.destination ?? t.remoteAddress[s]!;
  const destinationPort = to?.destinationPort ?? t.remotePort[s]!;
  if (destination === 0) return 'no-route';
  let source: number | undefined = t.localAddress[s] || to?.source;
  if (!source) source = isLocal(host, destination) ? destination : sourceFor(host, destination);
  if (source === undefined) return 'no-route';
  const discovery = to?.pathMtuDiscovery ?? 'want';
  const fits = bytes + UDP_HEADERS <= mtuTowards(world, host, destination);
  if (!fits && discovery === 'do') return 'too-big';
  const p = allocatePacket(net.packets, PROTO_UDP, source, t.localPort[s]!, destination, destinationPort);
  net.packets.reals[(p << PACKET_REALS) | PAYLOAD] = bytes;
  if (message !== undefined) net.packets.rows[(p << PACKET) | SEQ] = keepMessage(net, message);
  net.packets.rows[(p << PACKET) | TTL] = host.sysctl.ip_default_ttl;
  net.packets.rows[(p << PACKET) | OPTIONS] = fits && discovery !== 'dont' ? OPTION_DF : 0;
  return output(world, hooks, host, p) ? 'sent' : 'no-route';
}

export function udpClose(world: NetWorld, s: SocketId): void {
  const t = world.net.sockets;
  if (t.state[s] !== UDP) return;
  const counts = world.net.hosts[t.host[s]!]!.socketCounts;
  unhashSocket(t, s);
  counts[UDP] = counts[UDP]! - 1;
  t.state[s] = CLOSED;
  releaseSocket(t, s);
}

/** The socket for a datagram: the connected one, the one bound to the address, the one bound to any. */
export function findUdpSocket(
  t: SocketTable,
  host: Host,
  local: number,
  localPort: number,
  remote: number,
  remotePort: number,
): SocketId {
  const connected = findSocket(t, host.id, local, localPort, remote, remotePort, true);
  if (connected >= 0) return connected;
  const bound = findSocket(t, host.id, local, localPort, 0, 0, true);
  return bound >= 0 ? bound : findSocket(t, host.id, 0, localPort, 0, 0, true);
}

/** A datagram for this host. The packet is the function's from here on. */
export function udpInput(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): void {
  const pool = world.net.packets;
  const s = findUdpSocket(
    world.net.sockets,
    host,
    pool.rows[(p << PACKET) | DESTINATION]!,
    pool.rows[(p << PACKET) | DESTINATION_PORT]!,
    pool.rows[(p << PACKET) | SOURCE]!,
    pool.rows[(p << PACKET) | SOURCE_PORT]!,
  );
  if (s < 0) {
    icmpUnreachable(world, hooks, host, p, ICMP_PORT_UNREACHABLE, pool.rows[(p << PACKET) | DESTINATION]);
    dropPacket(world, hooks, host, p, 'no-listener');
    return;
  }
  hooks.datagram(world, host, s, p);
  freePacket(pool, p);
}
