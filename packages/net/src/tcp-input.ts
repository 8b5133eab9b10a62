import { TCP_RST } from '@lvscope/inet';
import { wakeListener } from './accept-queue.ts';
import { dropPacket } from './drop.ts';
import { findListener } from './listeners.ts';
import { DESTINATION, DESTINATION_PORT, FLAGS, PACKET, SOURCE, SOURCE_PORT } from './packet-row.ts';
import { freePacket } from './packets.ts';
import { FLAG_TIMEWAIT_FIN2, findSocket, SYN_RECV, SYN_SENT, TIME_WAIT } from './socket-table.ts';
import type { DropReason, Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { segmentInput } from './tcp-established.ts';
import { listenInput } from './tcp-listen.ts';
import { sendReset } from './tcp-output.ts';
import { requestInput } from './tcp-request.ts';
import { synSentInput } from './tcp-syn-sent.ts';
import { timeWaitInput } from './tcp-time-wait.ts';

/** A TCP segment for this host (tcp_v4_rcv). The packet is the function's from here on. */
export function tcpInput(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): void {
  const pool = world.net.packets;
  const s = findSocket(
    world.net.sockets,
    host.id,
    pool.rows[(p << PACKET) | DESTINATION]!,
    pool.rows[(p << PACKET) | DESTINATION_PORT]!,
    pool.rows[(p << PACKET) | SOURCE]!,
    pool.rows[(p << PACKET) | SOURCE_PORT]!,
    false,
  );
  const outcome = s < 0 ? toListener(world, hooks, host, p, -1) : toSocket(world, hooks, host, s, p);
  if (outcome === 'done') freePacket(pool, p);
  else dropPacket(world, hooks, host, p, outcome);
}

function toSocket(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): DropReason | 'done' {
  const t = world.net.sockets;
  const state = t.state[s];
  if (state === SYN_SENT) return synSentInput(world, hooks, host, s, p);
  if (state === SYN_RECV) {
    const outcome = requestInput(world, hooks, host, s, p);
    if (outcome === 'child') return childInput(world, hooks, host, s, p);
    return outcome === 'listener' ? toListener(world, hooks, host, p, -1) : outcome;
  }
  if (state === TIME_WAIT || (t.flags[s]! & FLAG_TIMEWAIT_FIN2) !== 0) {
    const pool = world.net.packets;
    const listens =
      findListener(
        host,
        pool.rows[(p << PACKET) | DESTINATION]!,
        pool.rows[(p << PACKET) | DESTINATION_PORT]!,
      ) !== undefined;
    const outcome = timeWaitInput(world, hooks, host, s, p, listens);
    return outcome.kind === 'syn' ? toListener(world, hooks, host, p, outcome.isn) : outcome.kind;
  }
  return segmentInput(world, hooks, host, s, p);
}

/** The segment that completed the handshake is the connection's first one; then the server hears of it. */
function childInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): DropReason | 'done' {
  const listener = world.net.listeners[world.net.sockets.listener[s]!]!;
  const outcome = segmentInput(world, hooks, host, s, p);
  wakeListener(world, hooks, listener);
  return outcome;
}

function toListener(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  p: PacketId,
  isn: number,
): DropReason | 'done' {
  const pool = world.net.packets;
  const listener = findListener(
    host,
    pool.rows[(p << PACKET) | DESTINATION]!,
    pool.rows[(p << PACKET) | DESTINATION_PORT]!,
  );
  if (listener === undefined) {
    sendReset(world, hooks, host, p);
    return (pool.rows[(p << PACKET) | FLAGS]! & TCP_RST) !== 0 ? 'no-socket' : 'no-listener';
  }
  const outcome = listenInput(world, hooks, host, listener, p, isn);
  return typeof outcome === 'number' ? childInput(world, hooks, host, outcome, p) : outcome;
}
