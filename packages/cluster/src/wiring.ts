import type { NetHooks } from '@lvscope/net';
import type { World } from './world.ts';

/**
 * The one table of what happens where in the kernel's order; `hooks.ts` fills it in when it is loaded,
 * because what
 * it calls itself calls the network, which wants the table.
 */
export const HOOKS: NetHooks<World> = {} as NetHooks<World>;
