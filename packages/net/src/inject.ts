import { type Ipv4, PROTO_TCP } from '@lvscope/inet';
import { icmpError } from './icmp.ts';
import { ICMP_FRAGMENTATION_NEEDED, ICMP_UNREACHABLE } from './icmp-error.ts';
import { output } from './output.ts';
import {
  ACK,
  FLAGS,
  HEADERS,
  OPTIONS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  SEQ,
  TTL,
  WINDOW,
} from './packet-row.ts';
import { allocatePacket, freePacket, OPTION_DF, OPTION_RAW } from './packets.ts';
import { findPath, mtuOver } from './paths.ts';
import type { Host, NetHooks, NetWorld } from './state.ts';

/** A hand-made packet: no TCP options, window 65000 and DF unless said otherwise. */
export interface RawPacket {
  /** PROTO_TCP. */
  readonly protocol?: number;
  readonly source: Ipv4 | number;
  readonly sourcePort: number;
  readonly destination: Ipv4 | number;
  readonly destinationPort: number;
  readonly flags?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly payload?: number;
  readonly window?: number;
  readonly df?: boolean;
  readonly ttl?: number;
}

/** What every network must take whole, bytes (RFC 791). */
const LEAST_MTU = 68;

/** 'no-route' is ENETUNREACH, 'too-big' EMSGSIZE. */
export type InjectResult = 'sent' | 'no-route' | 'too-big';

/**
 * Sends a hand-made packet from a host, whose own the source need not be. One that may not be cut and does
 * not fit the path as far as the host knows it is refused, to its source by ICMP, too (ip_fragment).
 */
export function injectPacket(world: NetWorld, hooks: NetHooks, host: Host, raw: RawPacket): InjectResult {
  const pool = world.net.packets;
  const protocol = raw.protocol ?? PROTO_TCP;
  const p = allocatePacket(
    pool,
    protocol,
    raw.source | 0,
    raw.sourcePort,
    raw.destination | 0,
    raw.destinationPort,
  );
  pool.rows[(p << PACKET) | FLAGS] = raw.flags ?? 0;
  pool.rows[(p << PACKET) | SEQ] = raw.seq ?? 0;
  pool.rows[(p << PACKET) | ACK] = raw.ack ?? 0;
  pool.reals[(p << PACKET_REALS) | PAYLOAD] = raw.payload ?? 0;
  pool.rows[(p << PACKET) | WINDOW] = raw.window ?? 65000;
  const headers = protocol === PROTO_TCP ? 40 : 28;
  pool.rows[(p << PACKET) | HEADERS] = headers;
  pool.rows[(p << PACKET) | OPTIONS] = OPTION_RAW | (raw.df === false ? 0 : OPTION_DF);
  pool.rows[(p << PACKET) | TTL] = raw.ttl ?? host.sysctl.ip_default_ttl;
  const bytes = headers + (raw.payload ?? 0);
  const destination = raw.destination | 0;
  const path = findPath(world, host, destination, destination);
  const fits = raw.df === false || bytes <= LEAST_MTU;
  const mtu = fits ? bytes : mtuOver(world, host, destination, path);
  if (bytes <= mtu) {
    return output(world, hooks, host, p, path) ? 'sent' : 'no-route';
  }
  icmpError(world, hooks, host, p, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, mtu);
  freePacket(pool, p);
  return 'too-big';
}
