import type { ForLoop, PlacedWord, ShellCommand, ShellScript, ShellStep } from '@lvscope/syntax';

/** What a process of a command line has in `process.state`: plain data, and all that it goes on from. */
export type CommandState = ShellState | FilterState | ProgramState;

/** A shell that works through a script; the frames say where it stands, the innermost last. */
export interface ShellState {
  readonly kind: 'shell';
  readonly frames: Frame[];
  variables: Map<string, string>;
  /** `$?` */
  lastRc: number;
  commandsLeft: number;
  /** One stage of a pipeline: a program that takes time takes the place of this shell. */
  readonly stage: boolean;
  /** Its children in the background that still run. */
  readonly background: number[];
}

/** A program of one call that waits for its input to end, or works through it line by line. */
export interface FilterState {
  readonly kind: 'filter';
  readonly args: readonly PlacedWord[];
  /** Lines that were read, for those that count them. */
  lines: number;
  rc: number | undefined;
}

/** A program that takes time. */
export interface ProgramState {
  readonly kind: 'program';
  own: unknown;
}

export type Frame =
  | { readonly kind: 'script'; readonly steps: readonly ShellStep[]; step: number }
  | { readonly kind: 'loop'; readonly loop: ForLoop; readonly values: readonly string[]; next: number }
  /** A command whose `$( … )` are worked out one after the other. */
  | {
      readonly kind: 'command';
      readonly command: ShellCommand;
      readonly scripts: readonly ShellScript[];
      readonly outputs: Substituted[];
    }
  /** The script of a `$( … )`; what the shell was before it is put back behind it. */
  | {
      readonly kind: 'capture';
      readonly into: { text: string };
      readonly outputs: Substituted[];
      readonly variables: Map<string, string>;
      readonly lastRc: number;
    }
  /** Children that have not ended; the last stage's exit code is the pipeline's. */
  | { readonly kind: 'wait'; readonly pids: number[]; readonly last: number; rc: number }
  /** A compound command in a pipeline waits until all of its input is there. */
  | { readonly kind: 'input' };

/** What a `$( … )` printed and left as exit code. */
export interface Substituted {
  readonly text: string;
  readonly rc: number;
}
