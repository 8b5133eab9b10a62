import type { NetWorld } from './state.ts';
import { tupleHash } from './socket-table.ts';

/**
 * The initial sequence number of a connection as secure_tcp_seq() makes it: a secret hash of the four-tuple
 * plus a clock of 64 ns ticks, so that a new connection of the same names starts beyond the old one (RFC
 * 6528).
 */
export function initialSequence(
  world: NetWorld,
  localAddress: number,
  localPort: number,
  remoteAddress: number,
  remotePort: number,
): number {
  const hash = tupleHash(world.net.secret[0]!, localAddress, localPort, remoteAddress, remotePort);
  return (hash + Math.floor(world.sim.now / 64)) >>> 0;
}

/**
 * The SYN cookie of a SYN in this minute (net/ipv4/syncookies.c keeps the clock in the number; here it is
 * hashed in).
 */
export function cookieSequence(
  world: NetWorld,
  localAddress: number,
  localPort: number,
  remoteAddress: number,
  remotePort: number,
  theirSeq: number,
  minute: number,
): number {
  const hash = tupleHash(world.net.secret[1]! ^ minute, localAddress, localPort, remoteAddress, remotePort);
  return (hash ^ Math.imul(theirSeq, 0x9e3779b1)) >>> 0;
}
