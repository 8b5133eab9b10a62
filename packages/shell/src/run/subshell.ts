import { addProcess, processOf } from '@lvscope/cluster';
import type { Process, Sink } from '@lvscope/cluster';
import { shellOf } from './machine.ts';
import type { Machine } from './machine.ts';
import type { Frame, ShellState } from './state.ts';

/** Commands that one line may start, loops and scripts within scripts counted through. */
export const MOST_COMMANDS = 10_000;

export function newShell(frames: Frame[], host: string): ShellState {
  return {
    kind: 'shell',
    frames,
    variables: new Map([['HOSTNAME', host]]),
    lastRc: 0,
    commandsLeft: MOST_COMMANDS,
    stage: false,
    background: [],
  };
}

interface Place {
  readonly out: Sink;
  /** As the shell's own, if not given. */
  readonly err?: Sink;
  /** 0: a group of its own, that Ctrl-C does not reach. */
  readonly group: number;
  readonly stage: boolean;
  /** How many of the commands that the shell above may still start are this one's. */
  readonly share: number;
}

/** A shell of its own below another, whose variables it has; it runs when it is told to. */
export function subshell(
  machine: Machine,
  process: Process,
  shell: ShellState,
  frames: Frame[],
  { out, err = process.err, group, stage, share }: Place,
): Process {
  const child = addProcess(machine.world, {
    host: process.host,
    name: 'bash',
    command: 'bash',
    kind: 'command',
    parent: process.pid,
    group,
    terminal: process.terminal,
    out,
    err,
  });
  const { variables, lastRc } = shell;
  shell.commandsLeft -= share;
  child.state = {
    ...newShell(frames, process.host),
    variables: new Map(variables),
    lastRc,
    commandsLeft: share,
    stage,
  } satisfies ShellState;
  return child;
}

/** What a shell has not used up goes back to the one above. */
export function giveBack(machine: Machine, process: Process, shell: ShellState): void {
  const above = shellOf(processOf(machine.world, process.parent));
  if (above !== undefined) above.commandsLeft += shell.commandsLeft;
  shell.commandsLeft = 0;
}
