import { PACKET, SEQ } from './packet-row.ts';
import type { Network, PacketId } from './state.ts';

/**
 * What datagrams say, byte by byte, for the programs that read them (VRRP, heartbeat, IPVS' sync daemons). A
 * packet is a row of numbers; its `seq`, which no datagram has, names its message here.
 */
export interface Messages {
  next: number;
  readonly kept: Map<number, Uint8Array>;
}

/** So many messages are kept, the youngest: far more than can be on their way. */
const MOST = 2048;

export function createMessages(): Messages {
  return { next: 1, kept: new Map() };
}

/** @returns the number by which a packet names it */
export function keepMessage(net: Network, bytes: Uint8Array): number {
  const { messages } = net;
  const id = messages.next++;
  messages.kept.set(id, bytes);
  messages.kept.delete(id - MOST);
  return id;
}

/** The bytes behind the headers of a packet; undefined where it carries none that anybody reads. */
export function messageOf(net: Network, packet: PacketId): Uint8Array | undefined {
  return net.messages.kept.get(net.packets.rows[(packet << PACKET) | SEQ]!);
}

/** The same by number: `seq` of a frame that was kept. */
export function messageNumbered(net: Network, id: number): Uint8Array | undefined {
  return net.messages.kept.get(id);
}
