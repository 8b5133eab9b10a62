import { execute } from '../execute.ts';
import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';
import { closeTerminal, interrupt, openTerminal, typeLine } from './terminal.ts';

/** All that a user can do to a running world: done again at the same places, the run is the same. */
export type UserAction =
  | { readonly kind: 'command'; readonly host: string; readonly command: string }
  | { readonly kind: 'open-terminal'; readonly host: string }
  | { readonly kind: 'type'; readonly terminal: number; readonly line: string }
  | { readonly kind: 'interrupt'; readonly terminal: number }
  | { readonly kind: 'close-terminal'; readonly terminal: number };

/** Carries out what a user did, and counts it. @returns the number of a terminal that was opened, else 0 */
export function act(world: World, programs: Programs, action: UserAction): number {
  world.processes.actions++;
  switch (action.kind) {
    case 'command':
      execute(world, programs, action.host, action.command, 'user');
      return 0;
    case 'open-terminal':
      return openTerminal(world, action.host);
    case 'type':
      typeLine(world, programs, action.terminal, action.line);
      return 0;
    case 'interrupt':
      interrupt(world, programs, action.terminal);
      return 0;
    case 'close-terminal':
      closeTerminal(world, programs, action.terminal);
      return 0;
  }
}

/** How many of the user's actions the world has seen. */
export function actionsOf(world: World): number {
  return world.processes.actions;
}
