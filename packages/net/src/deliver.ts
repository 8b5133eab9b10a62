import { FLAG_EOF_TOLD, FLAG_ORPHAN, FLAG_OWNED, FLAG_PAUSED, FLAG_READ_CLOSED } from './socket-table.ts';
import type { NetHooks, NetWorld, SocketId } from './state.ts';

/**
 * Lets the application read what has come: the bytes first, then the end of file. The hooks may end the
 * socket.
 */
export function deliver(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  const generation = t.generation[s]!;
  if (!reads(t.flags[s]!)) return;
  const bytes = t.unread[s]!;
  if (bytes > 0) {
    t.unread[s] = 0;
    hooks.received(world, s, bytes);
    if (t.generation[s] !== generation || !reads(t.flags[s]!)) return;
  }
  if ((t.flags[s]! & (FLAG_READ_CLOSED | FLAG_EOF_TOLD)) !== FLAG_READ_CLOSED) return;
  t.flags[s] = t.flags[s]! | FLAG_EOF_TOLD;
  hooks.remoteClosed(world, s);
}

function reads(flags: number): boolean {
  return (flags & (FLAG_OWNED | FLAG_PAUSED | FLAG_ORPHAN)) === FLAG_OWNED;
}
