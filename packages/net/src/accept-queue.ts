import { cancelTimer } from '@lvscope/des';
import { deliver } from './deliver.ts';
import { removeListener } from './listeners.ts';
import { addRttSample, endHandshake } from './round-trip.ts';
import { ESTABLISHED, FLAG_LINUX_PEER, FLAG_OWNED, FLAG_QUEUED } from './socket-table.ts';
import type { Listener, NetHooks, NetWorld, SocketId } from './state.ts';
import { endSocket, setState } from './tcp-end.ts';
import { sendActiveReset } from './tcp-output.ts';

/** sk_acceptq_is_full(): one more than the backlog fits. */
export function acceptQueueFull(listener: Listener): boolean {
  return listener.waiting > listener.backlog;
}

/** Takes a half-open connection away without a word. */
export function forgetRequest(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  world.net.listeners[world.net.sockets.listener[s]!]!.halfOpen--;
  endSocket(world, hooks, s, 'closed');
}

/**
 * The handshake is over: a half-open connection becomes an established one at the end of the accept queue.
 */
export function queueChild(world: NetWorld, s: SocketId, window: number): void {
  const { net, sim } = world;
  const t = net.sockets;
  const listener = net.listeners[t.listener[s]!]!;
  listener.halfOpen--;
  cancelTimer(sim, net.retransmitBank, s);
  // A SYN-ACK that was sent again gives a sample only by its timestamp.
  const stamped = (t.flags[s]! & FLAG_LINUX_PEER) !== 0;
  if (t.timedAt[s]! >= 0 && (stamped || t.retries[s] === 0)) addRttSample(t, s, sim.now - t.timedAt[s]!);
  // one that answered a repeated SYN counts too, but not by itself
  const timeouts = t.retries[s]!;
  endHandshake(t, s, timeouts > 0 && t.timedAt[s]! < 0 ? timeouts + 1 : timeouts);
  t.sndUna[s] = t.sndNxt[s]!;
  t.sndWnd[s] = window;
  t.maxWindow[s] = Math.max(t.maxWindow[s]!, window);
  setState(world, s, ESTABLISHED);
  t.flags[s] = t.flags[s]! | FLAG_QUEUED;
  t.queueNext[s] = -1;
  if (listener.queueTail >= 0) t.queueNext[listener.queueTail] = s;
  else listener.queueHead = s;
  listener.queueTail = s;
  listener.waiting++;
}

/** Tells the server that a connection is waiting, or accepts it at once. */
export function wakeListener(world: NetWorld, hooks: NetHooks, listener: Listener): void {
  if (listener.autoAccept) acceptNext(world, hooks, listener);
  else if (listener.waiting > 0) hooks.waiting?.(world, listener);
}

/**
 * accept(2): takes the oldest connection out of the queue, calls `accepted`, and then delivers what had
 * come for it.
 * @returns -1 when none is waiting; the socket may have ended in the meantime
 */
export function acceptNext(world: NetWorld, hooks: NetHooks, listener: Listener): SocketId {
  const t = world.net.sockets;
  const s = listener.queueHead;
  if (s < 0) return -1;
  leaveQueue(world, s);
  t.flags[s] = t.flags[s]! | FLAG_OWNED;
  const generation = t.generation[s]!;
  hooks.accepted(world, s);
  if (t.generation[s] === generation) deliver(world, hooks, s);
  return s;
}

/** Takes a socket out of the accept queue that it is in. */
export function leaveQueue(world: NetWorld, s: SocketId): void {
  const t = world.net.sockets;
  if ((t.flags[s]! & FLAG_QUEUED) === 0) return;
  const listener = world.net.listeners[t.listener[s]!]!;
  t.flags[s] = t.flags[s]! & ~FLAG_QUEUED;
  listener.waiting--;
  let previous = -1;
  for (let at = listener.queueHead; at !== s; at = t.queueNext[at]!) previous = at;
  const following = t.queueNext[s]!;
  if (previous < 0) listener.queueHead = following;
  else t.queueNext[previous] = following;
  if (listener.queueTail === s) listener.queueTail = previous;
}

/**
 * Closes a listening socket. What waits in its accept queue is reset (inet_csk_listen_stop); half-open
 * connections go without a word when their timer or their next segment comes.
 */
export function unlisten(world: NetWorld, hooks: NetHooks, listener: Listener): void {
  if (!listener.open) return;
  removeListener(world.net, listener);
  while (listener.queueHead >= 0) {
    const s = listener.queueHead;
    leaveQueue(world, s);
    sendActiveReset(world, hooks, s);
    endSocket(world, hooks, s, 'reset');
  }
}
