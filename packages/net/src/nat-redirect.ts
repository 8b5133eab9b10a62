import { PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { DESTINATION, DESTINATION_PORT, PACKET, PROTOCOL, SOURCE, SOURCE_PORT } from './packet-row.ts';
import { changePacket } from './packets.ts';
import { countRule, matches } from './rules.ts';
import type { Host, NetInterface, NetWorld, PacketId } from './state.ts';

/** What a redirected connection was for before: its answers leave from there. */
export interface RedirectedFlow {
  readonly address: number;
  readonly port: number;
}

/** nf_conntrack_max of a machine with 1 GB: the oldest entry makes room. */
const MOST_FLOWS = 65_536;

const flowKey = (protocol: number, remote: number, remotePort: number, port: number): string =>
  `${protocol} ${remote} ${remotePort} ${port}`;

const tracked = (protocol: number): boolean => protocol === PROTO_TCP || protocol === PROTO_UDP;

/**
 * nat PREROUTING: a packet of a connection that a REDIRECT rule matches is for the host itself from now on,
 * at the first address of the interface that it came in by (nf_nat_redirect_ipv4).
 */
export function redirectInput(world: NetWorld, host: Host, nic: NetInterface, packet: PacketId): void {
  const pool = world.net.packets;
  const protocol = pool.rows[(packet << PACKET) | PROTOCOL]!;
  const own = nic.addresses[0]?.address;
  if (own === undefined || !tracked(protocol)) return;
  const rule = host.redirects.find((one) => matches(world, host, packet, one, nic.name));
  if (rule?.target.kind !== 'redirect') return;
  const port = pool.rows[(packet << PACKET) | DESTINATION_PORT]!;
  const toPort = rule.target.port || port;
  const key = flowKey(
    protocol,
    pool.rows[(packet << PACKET) | SOURCE]!,
    pool.rows[(packet << PACKET) | SOURCE_PORT]!,
    toPort,
  );
  if (!host.redirected.has(key)) {
    // only the first packet of a connection is shown to the table
    countRule(world, rule, packet);
    host.redirected.set(key, { address: pool.rows[(packet << PACKET) | DESTINATION]!, port });
    if (host.redirected.size > MOST_FLOWS) host.redirected.delete(host.redirected.keys().next().value ?? '');
  }
  changePacket(pool, packet);
  pool.rows[(packet << PACKET) | DESTINATION] = own;
  pool.rows[(packet << PACKET) | DESTINATION_PORT] = toPort;
}

/** The way back: what the host answers on a redirected connection leaves from the address that was asked. */
export function redirectOutput(world: NetWorld, host: Host, packet: PacketId): void {
  const pool = world.net.packets;
  const protocol = pool.rows[(packet << PACKET) | PROTOCOL]!;
  if (!tracked(protocol)) return;
  const port = pool.rows[(packet << PACKET) | SOURCE_PORT]!;
  const flow = host.redirected.get(
    flowKey(
      protocol,
      pool.rows[(packet << PACKET) | DESTINATION]!,
      pool.rows[(packet << PACKET) | DESTINATION_PORT]!,
      port,
    ),
  );
  if (flow === undefined) return;
  changePacket(pool, packet);
  pool.rows[(packet << PACKET) | SOURCE] = flow.address;
  pool.rows[(packet << PACKET) | SOURCE_PORT] = flow.port;
}
