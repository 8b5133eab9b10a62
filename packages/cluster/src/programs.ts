import type { LoggedCommand, Message, Signal } from './processes/state.ts';
import type { World } from './world.ts';

/** What a program left behind, as a shell would see it. */
export interface CommandResult {
  /** Exit code. */
  readonly rc: number;
  readonly out: string;
  readonly err: string;
}

/** A command line that is to begin. */
export interface CommandLine {
  readonly host: string;
  readonly line: string;
  /** Its entry in the log: what it prints goes there, and its exit code when it is over. */
  readonly record: LoggedCommand;
  /** 0 = none. */
  readonly terminal: number;
  /** A daemon that began it and hears of its end; 0 = nobody. */
  readonly parent: number;
}

/** What can be put in at the cursor. */
export interface Completion {
  /** Place in the text where what is completed begins. */
  readonly from: number;
  /** Sorted; each stands in the place of what was typed from `from` to the cursor. */
  readonly candidates: readonly string[];
}

/**
 * The port through which command lines are carried out on hosts. `shell` implements it; whoever builds a
 * world hands it in. It is no part of the world's state: what is under way stands in the process table.
 */
export interface Programs {
  /** Begins a line now. What ends at once has ended when this returns. @returns the pid of its shell */
  readonly start: (world: World, line: CommandLine) => number;
  /** The alarm of a command's process has gone off, or there are messages for it. */
  readonly wake: (world: World, pid: number, messages: readonly Message[]) => void;
  /** A signal for a command's process; for a command line's shell it reaches the whole group. */
  readonly signal: (world: World, pid: number, signal: Signal) => void;
  /** Asks a line that ends at once, and leaves no trace in the log. What would go on is ended (rc 124). */
  readonly run: (world: World, host: string, line: string) => CommandResult;
  /** What Tab offers. */
  readonly complete: (world: World, host: string, text: string, cursor: number) => Completion;
}
