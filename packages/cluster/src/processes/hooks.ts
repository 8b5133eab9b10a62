import {
  type CloseReason,
  type Host,
  messageOf,
  type NetInterface,
  type PacketId,
  packetRow,
  readPacket,
} from '@lvscope/net';
import type { World } from '../world.ts';
import { processesOf, processOf, tell } from './table.ts';

/** The socket is dead: its process hears why. */
export function processSocketClosed(world: World, pid: number, socket: number, reason: CloseReason): void {
  const process = processOf(world, pid);
  const at = process?.sockets.indexOf(socket) ?? -1;
  if (process === undefined || at < 0) return;
  process.sockets.splice(at, 1);
  tell(world, pid, { kind: 'closed', socket, reason });
}

export function processDatagram(world: World, pid: number, socket: number, packet: PacketId): void {
  const { net } = world;
  const content = messageOf(net, packet);
  tell(world, pid, { kind: 'datagram', socket, ...readPacket(net.packets, packet), content });
}

/** A packet of a protocol that only programs know: for those on the host that hear it. */
export function processPacket(world: World, host: Host, nic: NetInterface, packet: PacketId): void {
  const pool = world.net.packets;
  const protocol = pool.rows[(packet << packetRow.PACKET) | packetRow.PROTOCOL]!;
  const content = messageOf(world.net, packet);
  if (content === undefined) return;
  for (const process of processesOf(world, host.name)) {
    if (!process.hears.includes(protocol)) continue;
    const { from } = readPacket(pool, packet);
    const ttl = pool.rows[(packet << packetRow.PACKET) | packetRow.TTL]!;
    tell(world, process.pid, { kind: 'packet', protocol, device: nic.name, from, ttl, content });
  }
}
