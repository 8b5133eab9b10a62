import type { Message, Process, Programs, Signal, World } from '@lvscope/cluster';
import type { PlacedWord, PortName } from '@lvscope/syntax';

/** What a program that takes time is given whenever it runs. It is made anew each time: no state is in it. */
export interface Run {
  readonly world: World;
  readonly host: string;
  readonly programs: Programs;
  readonly names: readonly PortName[];
  readonly process: Process;
  /** Its standard output is a terminal. */
  readonly onTerminal: boolean;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Ends the program; what it does afterwards has no effect. */
  readonly exit: (rc: number) => void;
}

/** A program that takes time: functions over a state of plain data, woken by its alarm and by messages. */
export interface LastingOf<State> {
  /** @returns its state, or undefined where it has called `exit` */
  readonly start: (run: Run, args: readonly PlacedWord[], input: string) => State | undefined;
  readonly wake: (run: Run, state: State, messages: readonly Message[]) => void;
  /** INT or QUIT that the program handles itself. @returns false where it dies of the signal */
  readonly signal?: (run: Run, state: State, signal: Signal) => boolean;
}

export type Lasting = LastingOf<unknown>;

/** The state of a program is only ever given back to itself. */
export function lasting<State>(program: LastingOf<State>): Lasting {
  const { signal } = program;
  return {
    start: program.start,
    wake: (run, state, messages) => {
      program.wake(run, state as State, messages);
    },
    ...(signal && { signal: (run, state, sent) => signal(run, state as State, sent) }),
  };
}
