import { armAgain, processesOf, processOf, takeMessages } from '@lvscope/cluster';
import type { LoggedCommand, Message, Process, Programs, Signal, World } from '@lvscope/cluster';
import { complete } from '../complete.ts';
import { endCommand } from './ends.ts';
import { readFilter } from './filter.ts';
import { shellOf, stateOf } from './machine.ts';
import type { Machine, Tools } from './machine.ts';
import { MOST_OUTPUT } from './output.ts';
import { runOf } from './run.ts';
import { runShell, startLine } from './shell.ts';

const NUMBERS: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  CONT: 18,
  STOP: 19,
};

/** Exit code of a line that should have ended at once, as timeout(1) has it. */
const TOOK_TIME = 124;

/** The port that a world is given: shells and programs with these tools. */
export function programsOf(tools: Tools): Programs {
  const machineOf = (world: World): Machine => ({ world, tools, programs, due: [] });
  const programs: Programs = {
    start: (world, line) => {
      const machine = machineOf(world);
      const pid = startLine(machine, line);
      drain(machine);
      return pid;
    },
    wake: (world, pid, messages) => {
      const machine = machineOf(world);
      wake(machine, pid, messages);
      drain(machine);
    },
    signal: (world, pid, signal) => {
      const machine = machineOf(world);
      send(machine, pid, signal);
      drain(machine);
    },
    run: (world, host, line) => {
      const record = emptyRecord(world, host, line);
      const pid = programs.start(world, { host, line, record, terminal: 0, parent: 0 });
      if (record.rc === undefined) programs.signal(world, pid, 'KILL');
      return {
        rc: record.rc === 137 ? TOOK_TIME : (record.rc ?? TOOK_TIME),
        out: record.out,
        err: record.err,
      };
    },
    complete: (world, host, text, cursor) => complete(world, tools, host, text, cursor),
  };
  return programs;
}

const emptyRecord = (world: World, host: string, command: string): LoggedCommand => ({
  at: world.sim.now,
  host,
  command,
  rc: undefined,
  out: '',
  err: '',
  origin: 'user',
  most: MOST_OUTPUT,
});

/** Lets all go on that has something to go on with. */
function drain(machine: Machine): void {
  for (let pid = machine.due.shift(); pid !== undefined; pid = machine.due.shift()) {
    const process = processOf(machine.world, pid);
    const state = process && stateOf(process);
    if (process === undefined || state === undefined || process.status !== 'running') continue;
    if (state.kind === 'shell') runShell(machine, process);
    else if (state.kind === 'filter') readFilter(machine, process, state);
  }
}

function wake(machine: Machine, pid: number, messages: readonly Message[]): void {
  const process = processOf(machine.world, pid);
  const state = process && stateOf(process);
  if (process === undefined || state?.kind !== 'program') return;
  machine.tools.lasting.get(process.name)?.wake(runOf(machine, process), state.own, messages);
}

/** A command line's shell passes a signal on to all of its group; another process keeps it for itself. */
function send(machine: Machine, pid: number, signal: Signal): void {
  const target = processOf(machine.world, pid);
  if (target === undefined) return;
  const members =
    target.group === pid && shellOf(target)
      ? processesOf(machine.world, target.host).filter(({ group }) => group === pid)
      : [target];
  if (signal === 'STOP' || signal === 'CONT') {
    for (const process of members) halt(machine, process, signal);
    return;
  }
  const dying = members.filter((process) => !shellOf(process) && !handles(machine, process, signal));
  const shellsOnly = members.every((process) => shellOf(process) !== undefined);
  if (dying.length === 0 && !shellsOnly) return;
  const rc = 128 + NUMBERS[signal];
  // a shell whose child died of the signal gives up its line; one that is not meant goes on
  for (const process of members) shellOf(process)?.frames.splice(0);
  for (const process of dying) endCommand(machine, process, rc);
  for (const process of members.toReversed()) if (shellOf(process)) endCommand(machine, process, rc);
}

/** @returns whether the program went on, or ended in its own way */
function handles(machine: Machine, process: Process, signal: Signal): boolean {
  const state = stateOf(process);
  if (state?.kind !== 'program' || signal === 'KILL') return false;
  const program = machine.tools.lasting.get(process.name);
  return program?.signal?.(runOf(machine, process), state.own, signal) ?? false;
}

function halt(machine: Machine, process: Process, signal: 'STOP' | 'CONT'): void {
  if (signal === 'STOP') process.status = 'stopped';
  else if (process.status === 'stopped') {
    process.status = 'running';
    const messages = takeMessages(machine.world, process);
    if (messages.length > 0) wake(machine, process.pid, messages);
    armAgain(machine.world, process);
    machine.due.push(process.pid);
  }
}
