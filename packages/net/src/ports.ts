import { FLAG_LINUX_PEER, FLAG_TIMEWAIT_FIN2, findSocket, TIME_WAIT, tupleHash } from './socket-table.ts';
import type { Host, NetHooks, NetWorld } from './state.ts';
import { endSocket } from './tcp-end.ts';

/**
 * tcp_twsk_unique(): for a port that the kernel looks for, a time-wait socket older than this may give its
 * names to a new connection.
 */
const REUSE_AFTER_NS = 1e9;

/**
 * Whether a local end is free towards a remote one; a time-wait socket that may be reused makes way at
 * once: one that the program has bound at any age where it had timestamps, else by tcp_tw_reuse.
 * @param bound the program has bound the port itself (SO_REUSEADDR)
 */
export function claimTuple(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
  bound: boolean,
): boolean {
  const t = world.net.sockets;
  const s = findSocket(t, host.id, source, sourcePort, destination, destinationPort, false);
  if (s < 0) return true;
  const waiting = t.state[s] === TIME_WAIT || (t.flags[s]! & FLAG_TIMEWAIT_FIN2) !== 0;
  if (!waiting) return false;
  const mode = host.sysctl.tcp_tw_reuse;
  const loopback = source >>> 24 === 127 || destination >>> 24 === 127;
  const reusable = mode === 1 || (mode === 2 && loopback);
  const old = world.sim.now - t.closedAt[s]! > REUSE_AFTER_NS;
  if (bound ? (t.flags[s]! & FLAG_LINUX_PEER) === 0 : !reusable || !old) return false;
  endSocket(world, hooks, s, 'closed');
  return true;
}

/**
 * A free port for a connection to this destination, as __inet_hash_connect() looks for one: from a place
 * that depends on the destination and moves with each connection, first the even ports of the range, then
 * the odd ones.
 * @returns 0 when all of ip_local_port_range are taken towards this destination
 */
export function ephemeralPort(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  source: number,
  destination: number,
  destinationPort: number,
): number {
  const [low, high] = host.sysctl.ip_local_port_range;
  const range = high - low + 1;
  if (range <= 0) return 0;
  const even = (range + 1) >> 1;
  const hash = tupleHash(world.net.secret[0]!, source, 0, destination, destinationPort);
  const hint = hash & 255;
  const start = ((hash >>> 8) + host.portHints[hint]!) % even;
  for (let parity = 0; parity < 2; parity++) {
    const steps = parity === 0 ? even : range - even;
    for (let i = 0; i < steps; i++) {
      const port = low + 2 * ((start + i) % steps) + parity;
      if (!claimTuple(world, hooks, host, source, port, destination, destinationPort, false)) continue;
      host.portHints[hint] = host.portHints[hint]! + i + 1;
      return port;
    }
  }
  return 0;
}
