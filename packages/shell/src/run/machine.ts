import type { Process, Programs, Sink, World } from '@lvscope/cluster';
import type { PortName } from '@lvscope/syntax';
import type { Program } from '../program.ts';
import type { Lasting } from './lasting.ts';
import type { CommandState, ShellState } from './state.ts';

/** What the shells of a world have at hand; code and constants, no state. */
export interface Tools {
  readonly names: readonly PortName[];
  /** Programs of one call. */
  readonly instant: ReadonlyMap<string, Program>;
  readonly lasting: ReadonlyMap<string, Lasting>;
  /** Those of one call that read what is piped into them. */
  readonly readers: ReadonlySet<string>;
}

/** A world with the tools to run command lines in it. */
export interface Machine {
  readonly world: World;
  readonly tools: Tools;
  readonly programs: Programs;
  /** Processes that have something to go on with, in the order in which it came; see driver.ts. */
  readonly due: number[];
}

/** What a process of a command line stands at; undefined before it has begun. */
export const stateOf = (process: Process): CommandState | undefined =>
  process.state as CommandState | undefined;

export function shellOf(process: Process | undefined): ShellState | undefined {
  const state = process && stateOf(process);
  return state?.kind === 'shell' ? state : undefined;
}

/** Where a shell's standard output leads: into the innermost `$( … )`, else where its own leads. */
export function outOf(process: Process): Sink {
  const capture = shellOf(process)?.frames.findLast((frame) => frame.kind === 'capture');
  return capture?.kind === 'capture' ? { kind: 'capture', into: capture.into } : process.out;
}
