import { dropPacket } from '../drop.ts';
import { hearsMac, isForMany } from '../groups.ts';
import { freePacket } from '../packets.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { arpInput } from './arp.ts';
import { SEEN_IN } from './frame-row.ts';
import { seeFrame } from './frame-watch.ts';
import { endFrame } from './frames.ts';
import {
  CARRIED,
  COPIED,
  FRAME,
  TO_MAC,
  ENDED_DELIVERED,
  ENDED_HOST_DOWN,
  ENDED_INTERFACE_DOWN,
  ENDED_OTHER_HOST,
  MAC_BROADCAST,
} from './state.ts';
import type { FrameId } from './state.ts';

/**
 * A frame is at an interface: ARP is carried out, and a packet handed up when the frame is for the
 * interface's MAC or for all.
 * @returns the packet, which is the caller's now; -1 for none
 */
export function frameAtInterface(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  f: FrameId,
): PacketId {
  const { net } = world;
  const link = net.link!;
  const { rows } = link.frames;
  const o = f << FRAME;
  const packet = rows[o | CARRIED]!;
  if (!host.power || !nic.up) {
    endAtDeaf(world, hooks, host, f);
    return -1;
  }
  seeFrame(world, f, nic.id, SEEN_IN);
  const destination = rows[o | TO_MAC]!;
  const own = destination === link.ports[nic.id]!.mac;
  const forAll = !own && isForMany(world, destination);
  const ours = own || destination === MAC_BROADCAST || (forAll && hearsMac(world, nic, destination));
  if (packet < 0) {
    if (ours) arpInput(world, hooks, host, nic, f);
    endFrame(link, f, ours ? ENDED_DELIVERED : ENDED_OTHER_HOST);
    return -1;
  }
  const copy = rows[o | COPIED] === 1;
  endFrame(link, f, ours ? ENDED_DELIVERED : ENDED_OTHER_HOST);
  if (ours) return packet;
  if (copy || forAll) freePacket(net.packets, packet);
  else dropPacket(world, hooks, host, packet, 'wrong-mac');
  return -1;
}

/** A frame at an interface that is down, or of a host without power. */
function endAtDeaf(world: NetWorld, hooks: NetHooks, host: Host, f: FrameId): void {
  const { net } = world;
  const { rows } = net.link!.frames;
  const o = f << FRAME;
  const packet = rows[o | CARRIED]!;
  const copy = rows[o | COPIED] === 1 && rows[o | TO_MAC] !== MAC_BROADCAST;
  endFrame(net.link!, f, host.power ? ENDED_INTERFACE_DOWN : ENDED_HOST_DOWN);
  if (packet < 0) return;
  if (copy) freePacket(net.packets, packet);
  else dropPacket(world, hooks, host, packet, host.power ? 'interface-down' : 'host-down');
}
