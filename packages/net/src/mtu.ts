import { wireLength } from './link/fragments.ts';
import { packetLength } from './packets.ts';
import { forgetPaths } from './path-cache.ts';
import { findPath, mtuTowards } from './paths.ts';
import { mtuLearntAt } from './route-exceptions.ts';
import { FLAG_LINUX_PEER, type SocketTable } from './socket-table.ts';
import type { Host, NetInterface, Network, NetWorld, PacketId, SocketId } from './state.ts';
import { inFlight } from './tcp-burst.ts';

/** A device's receive buffer holds an ordinary frame, however small its MTU (max_frame_size of drivers). */
const ORDINARY = 1500;

/**
 * `ip link set dev … mtu …`. It counts for what the interface sends, and for how long a frame it takes. A
 * connection that has data on its way keeps the size of its segments.
 * @param mtu bytes, 68 to 65535 (lo: 65536)
 */
export function setInterfaceMtu(world: NetWorld, host: Host, nic: NetInterface, mtu: number): void {
  const { net } = world;
  nic.mtu = mtu;
  if (nic.segment >= 0) net.mixedMtu = true;
  forgetPaths(net);
  const t = net.sockets;
  for (let s = 0; s < t.size; s++) {
    if (t.host[s] !== host.id || t.mss[s] === 0) continue;
    const remote = t.remoteAddress[s]!;
    if (findPath(world, host, remote, remote).out[0] === nic) followPathMtu(world, host, s, 0);
  }
}

/**
 * What a socket sends next is cut by the path MTU as its host knows it now, be it from another connection
 * (tcp_current_mss). One that has data on its way keeps the size of its segments.
 * @param bytes what it is about to send
 * @returns false when that is more than a segment may have and the socket has sent nothing since the MTU was
 *   learnt: it still holds its old route, by which its next segment is made too long, fails on the way out,
 *   and waits for the probe timer (tcp_write_xmit)
 */
export function followPathMtu(world: NetWorld, host: Host, s: SocketId, bytes: number): boolean {
  const t = world.net.sockets;
  if (inFlight(world, s) !== 0) return true;
  const remote = t.remoteAddress[s]!;
  const mss = segmentSize(t, s, mtuTowards(world, host, remote));
  if (mss >= t.mss[s]!) return true;
  t.mss[s] = mss;
  if (bytes <= mss) return true;
  const learnt = mtuLearntAt(world, host, remote);
  return learnt < 0 || Math.max(t.lastSentAt[s]!, t.lastReceivedAt[s]!) >= learnt;
}

/** Bytes of data in a segment where the path takes packets of `mtu` bytes (tcp_mtu_to_mss). */
export function segmentSize(t: SocketTable, s: SocketId, mtu: number): number {
  return Math.max(48, mtu - ((t.flags[s]! & FLAG_LINUX_PEER) !== 0 ? 52 : 40));
}

/** Whether the interface's device drops the frame for its length, before anybody sees it. */
export function isTooLong(net: Network, nic: NetInterface, p: PacketId): boolean {
  if (nic.segment < 0) return false;
  const length = net.link === undefined ? packetLength(net.packets, p) : wireLength(net, p);
  return length > Math.max(ORDINARY, nic.mtu);
}
