import type { CommandResult, Programs, World } from '@lvscope/cluster';
import type { PlacedWord, PortName } from '@lvscope/syntax';

/** One program started on one host, now. */
export interface Call {
  readonly world: World;
  /** Host name. */
  readonly host: string;
  /** The words behind the program's name. */
  readonly args: readonly PlacedWord[];
  /** What it reads from its standard input. */
  readonly input: string;
  /** Port names that the hosts know. */
  readonly names: readonly PortName[];
  /** For those that start, stop and signal others. */
  readonly programs: Programs;
  /** The command line that it belongs to. */
  readonly group: number;
  /** Its standard output is a terminal. */
  readonly onTerminal: boolean;
}

export type Program = (call: Call) => CommandResult;

export const DONE: CommandResult = { rc: 0, out: '', err: '' };

export const said = (out: string): CommandResult => ({ rc: 0, out, err: '' });

/** A failure with one line of text. */
export const failed = (rc: number, text: string): CommandResult => ({ rc, out: '', err: `${text}\n` });

/** The texts of the words. */
export const textsOf = (call: Call): string[] => call.args.map((word) => word.text);
