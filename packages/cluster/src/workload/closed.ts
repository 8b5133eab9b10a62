import { addClient, IDLE } from '../client-table.ts';
import type { Workload, World } from '../world.ts';
import { beginConnection } from './agent.ts';

/** Sends every user who is idle to work, and hires whom the concurrency lacks. */
export function startUsers(world: World, w: Workload): void {
  const spec = w.spec;
  if (spec.kind !== 'closed' || !w.running) return;
  for (let user = 0; user < w.concurrency; user++) {
    if (spec.total > 0 && w.connections >= spec.total) return;
    let slot = w.users[user] ?? -1;
    if (slot < 0) {
      slot = addClient(world.clients, w.index, user);
      w.users[user] = slot;
    }
    if (world.clients.state[slot] === IDLE) beginConnection(world, slot);
  }
}
