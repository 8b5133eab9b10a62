import { noteDrop } from './link/frame-notes.ts';
import { COUNT, PACKET } from './packet-row.ts';
import { freePacket } from './packets.ts';
import type { DropReason, Host, NetHooks, NetWorld, PacketId } from './state.ts';

/** The end of a packet that nobody takes: it is reported with its reason, and freed. */
export function dropPacket(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  reason: DropReason,
): void {
  host.dropped += world.net.packets.rows[(packet << PACKET) | COUNT]!;
  hooks.dropped(world, host, packet, reason);
  if (world.net.link !== undefined) noteDrop(world, host, packet, reason);
  freePacket(world.net.packets, packet);
}
