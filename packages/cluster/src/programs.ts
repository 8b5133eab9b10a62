import type { World } from './world.ts';

/** What a program left behind, as a shell would see it. */
export interface CommandResult {
  /** Exit code. */
  readonly rc: number;
  readonly out: string;
  readonly err: string;
}

/**
 * The port through which a command line is carried out on a host, now. `shell` implements it; whoever
 * builds a world hands it in. It is no part of the world's state.
 */
export interface Programs {
  readonly run: (world: World, host: string, commandLine: string) => CommandResult;
}
