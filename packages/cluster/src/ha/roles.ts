import type { Process } from '../processes/state.ts';
import type { World } from '../world.ts';
import { remember, type Role } from './state.ts';

/** What a daemon takes itself for from now on; of the same role as before nothing is noted. */
export function noteRole(world: World, process: Process, name: string, role: Role, priority = 0): void {
  const { host, name: daemon } = process;
  const last = world.ha.roles.findLast(
    (one) => one.host === host && one.daemon === daemon && one.name === name,
  );
  if (last?.role === role && last.priority === priority) return;
  remember(world.ha.roles, { at: world.sim.now, host, daemon, name, role, priority });
}

/** A daemon has ended, in whatever way: none of what it was for is looked after any more. */
export function noteDown(world: World, process: Process): void {
  const { host, name: daemon } = process;
  const mine = world.ha.roles.filter((one) => one.host === host && one.daemon === daemon);
  const last = new Map(mine.map((one) => [one.name, one.priority]));
  for (const [name, priority] of last) noteRole(world, process, name, 'DOWN', priority);
}
