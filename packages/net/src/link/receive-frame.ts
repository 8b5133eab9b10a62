import { dropPacket } from '../drop.ts';
import { hearsMac, isForMany } from '../groups.ts';
import { freePacket } from '../packets.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { arpInput } from './arp.ts';
import { seeArriving } from './frame-watch.ts';
import { endFrame } from './frames.ts';
import {
  CARRIED,
  COPY_BIT,
  FRAME,
  SIZE,
  TO_MAC,
  ENDED_DELIVERED,
  ENDED_HOST_DOWN,
  ENDED_INTERFACE_DOWN,
  ENDED_OTHER_HOST,
  MAC_BROADCAST,
} from './state.ts';
import type { FrameId } from './state.ts';
import { OWN_MAC, PLUGGED, WIRE } from './wires.ts';

/**
 * A frame is at an interface: ARP is carried out, and a packet handed up when the frame is for the
 * interface's MAC or for all.
 * @returns the packet, which is the caller's now; -1 for none
 */
export function frameAtInterface(
  world: NetWorld,
  hooks: NetHooks,
  interfaceId: number,
  f: FrameId,
): PacketId {
  const { net } = world;
  const link = net.link!;
  const { rows } = link.frames;
  const { words } = net.wires;
  const o = f << FRAME;
  const w = interfaceId << WIRE;
  const packet = rows[o | CARRIED]!;
  if (packet < 0 || rows[o | TO_MAC] !== words[w | OWN_MAC] || (words[w]! & PLUGGED) === 0) {
    return otherFrame(world, hooks, net.interfaces[interfaceId]!, f);
  }
  endFrame(link, f, ENDED_DELIVERED);
  seeArriving(world, f, interfaceId);
  return packet;
}

/** Anything but a packet for the interface's own MAC. */
function otherFrame(world: NetWorld, hooks: NetHooks, nic: NetInterface, f: FrameId): PacketId {
  const { net } = world;
  const link = net.link!;
  const { rows } = link.frames;
  const o = f << FRAME;
  const host = net.hosts[nic.host]!;
  const packet = rows[o | CARRIED]!;
  if ((net.wires.words[nic.id << WIRE]! & PLUGGED) === 0) {
    endAtDeaf(world, hooks, host, f);
    return -1;
  }
  seeArriving(world, f, nic.id);
  const destination = rows[o | TO_MAC]!;
  const own = destination === net.wires.words[(nic.id << WIRE) | OWN_MAC];
  const forAll = !own && isForMany(world, destination);
  const ours = own || destination === MAC_BROADCAST || (forAll && hearsMac(world, nic, destination));
  if (packet < 0 && ours) arpInput(world, hooks, host, nic, f);
  const copy = (rows[o | SIZE]! & COPY_BIT) !== 0;
  endFrame(link, f, ours ? ENDED_DELIVERED : ENDED_OTHER_HOST);
  if (packet < 0) return -1;
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
  const copy = (rows[o | SIZE]! & COPY_BIT) !== 0 && rows[o | TO_MAC] !== MAC_BROADCAST;
  endFrame(net.link!, f, host.power ? ENDED_INTERFACE_DOWN : ENDED_HOST_DOWN);
  if (packet < 0) return;
  if (copy) freePacket(net.packets, packet);
  else dropPacket(world, hooks, host, packet, host.power ? 'interface-down' : 'host-down');
}
