import { INNER_SEQ, OPTIONS, PACKET, SOURCE } from './packet-row.ts';
import { OPTION_LINUX } from './packets.ts';
import { FLAG_LINUX_PEER } from './socket-table.ts';
import type { Host, NetWorld, PacketId, SocketId } from './state.ts';

/** TCP_PAWS_MSL: so long a peer's timestamp is held against it, seconds. */
const HELD_SECONDS = 60;
/** TCP_PAWS_WINDOW, ticks. */
const WINDOW = 1;

/** What a host has last seen of an address' clock (struct inet_peer: tcp_ts, tcp_ts_stamp). */
export interface PeerStamp {
  /** TSval, ticks of a millisecond modulo 2^32. */
  readonly ticks: number;
  /** Seconds of the world. */
  readonly at: number;
}

const seconds = (world: NetWorld): number => Math.floor(world.sim.now / 1e9);

/** Where a host's clock stands at time 0, ticks: each boots at another time, by its name. */
export function bootClock(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 1;
}

/**
 * What a SYN tells of the clock of the machine that opens the connection: where it stood at time 0, from
 * which its timestamp follows at any moment. 0: it offers no timestamps.
 */
export function clockShown(world: NetWorld, host: Host, s: SocketId): number {
  if (host.sysctl.tcp_timestamps === 0) return 0;
  return (world.net.sockets.clocks.get(s) ?? host.clock) || 1;
}

/** The timestamp of a machine whose packet arrives now, ticks modulo 2^32. */
const ticksNow = (world: NetWorld, clock: number): number => (clock + Math.floor(world.sim.now / 1e6)) >>> 0;

/** Whether the host holds timestamps against SYNs: kernels up to 4.11 with both settings on. */
const recycles = (host: Host): boolean =>
  host.sysctl.tcp_tw_recycle !== 0 && host.sysctl.tcp_timestamps !== 0;

const clockIn = (world: NetWorld, p: PacketId): number =>
  (world.net.packets.rows[(p << PACKET) | OPTIONS]! & OPTION_LINUX) === 0
    ? 0
    : world.net.packets.rows[(p << PACKET) | INNER_SEQ]!;

/**
 * Whether a SYN's timestamp is older than the last that its address has shown, within a minute
 * (tcp_v4_conn_request of 2.6, PAWSPassiveRejected): of several machines behind one address all but the one
 * whose clock is ahead are refused so.
 */
export function isOlderThanPeer(world: NetWorld, host: Host, p: PacketId): boolean {
  if (!recycles(host)) return false;
  const clock = clockIn(world, p);
  const known = host.peerStamps.get(world.net.packets.rows[(p << PACKET) | SOURCE]!);
  if (clock === 0 || known === undefined || seconds(world) >= known.at + HELD_SECONDS) return false;
  return ((known.ticks - ticksNow(world, clock)) | 0) > WINDOW;
}

/** A connection is asked for: the other side's clock. */
export function notePeerClock(world: NetWorld, host: Host, s: SocketId, p: PacketId): void {
  const clock = clockIn(world, p);
  if (recycles(host) && clock !== 0) world.net.sockets.peerClocks.set(s, clock);
}

/**
 * The host's side of a connection was closed first and enters TIME_WAIT (tcp_v4_remember_stamp): the other
 * side's last timestamp is kept by its address.
 * @returns whether TIME_WAIT may be short, as both sides have timestamps
 */
export function rememberStamp(world: NetWorld, host: Host, s: SocketId): boolean {
  const t = world.net.sockets;
  if (!recycles(host) || (t.flags[s]! & FLAG_LINUX_PEER) === 0) return false;
  const clock = t.peerClocks.get(s);
  if (clock === undefined) return true;
  const stamp: PeerStamp = { ticks: ticksNow(world, clock), at: seconds(world) };
  const address = t.remoteAddress[s]!;
  const known = host.peerStamps.get(address);
  const outlived = known !== undefined && known.at + HELD_SECONDS < stamp.at;
  if (known === undefined || outlived || ((known.ticks - stamp.ticks) | 0) <= 0) {
    host.peerStamps.set(address, stamp);
  }
  return true;
}
