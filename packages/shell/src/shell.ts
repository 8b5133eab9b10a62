import type { World } from '@lvscope/cluster';
import type { PortName } from '@lvscope/syntax';
import type { Program } from './program.ts';

/** One shell that works through one line. */
export interface Shell {
  readonly world: World;
  readonly host: string;
  readonly names: readonly PortName[];
  readonly programs: ReadonlyMap<string, Program>;
  readonly variables: Map<string, string>;
  /** `$?` */
  lastRc: number;
  commandsLeft: number;
}
