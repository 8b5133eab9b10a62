import { addProcess, hostNamed } from '@lvscope/cluster';
import type { CommandLine, Process, Sink } from '@lvscope/cluster';
import { parseShellLine } from '@lvscope/syntax';
import type { ShellCommand, ShellStep } from '@lvscope/syntax';
import { runSimple } from './command.ts';
import { expandWord, scriptsOf } from './expand.ts';
import { emit, endCommand } from './ends.ts';
import type { Machine } from './machine.ts';
import { outOf, shellOf } from './machine.ts';
import { lengthOf, MOST_OUTPUT } from './output.ts';
import type { Frame, ShellState } from './state.ts';
import { MOST_COMMANDS, newShell, subshell } from './subshell.ts';

/** Begins a command line: runs it until it is over or has to wait. @returns the pid of its shell */
export function startLine(machine: Machine, { host, line, record, terminal, parent }: CommandLine): number {
  const { world } = machine;
  const sink = (fd: 1 | 2): Sink => ({ kind: 'log', record, terminal, fd });
  const process = addProcess(world, {
    host,
    name: 'bash',
    command: 'bash',
    kind: 'command',
    parent,
    terminal,
    out: sink(1),
    err: sink(2),
    record,
  });
  const refuse = (rc: number, text: string): number => {
    emit(machine, process, process.err, `${text}\n`);
    endCommand(machine, process, rc);
    return process.pid;
  };
  const script = parseShellLine(line);
  if (!script.ok) {
    const { line: row, column, found, wanted } = script.problem;
    return refuse(2, `bash: line ${row}, column ${column}: syntax error near ${found}: wanted ${wanted}`);
  }
  if (hostNamed(world, host)?.power === false && !/^\s*poweron\s*$/.test(line)) {
    return refuse(255, `ssh: connect to host ${host} port 22: No route to host`);
  }
  process.state = newShell([{ kind: 'script', steps: script.value.steps, step: 0 }], host);
  runShell(machine, process);
  return process.pid;
}

/** Goes on with a shell until its script is over, or until something takes time. */
export function runShell(machine: Machine, process: Process): void {
  const shell = shellOf(process);
  if (shell === undefined) return;
  for (;;) {
    // a stage may have become the program that it began
    if (process.status === 'exited' || process.state !== shell) return;
    const frame = shell.frames.at(-1);
    if (frame === undefined) {
      endCommand(machine, process, shell.lastRc);
      return;
    }
    if (!goOn(machine, process, shell, frame)) return;
  }
}

/** One step at the innermost frame. @returns false where the shell has to wait */
function goOn(machine: Machine, process: Process, shell: ShellState, frame: Frame): boolean {
  switch (frame.kind) {
    case 'script':
      nextStep(machine, process, shell, frame);
      return true;
    case 'loop':
      nextRound(shell, frame);
      return true;
    case 'command':
      command(machine, process, shell, frame);
      return true;
    case 'capture':
      shell.frames.pop();
      frame.outputs.push({ text: frame.into.text, rc: shell.lastRc });
      shell.variables = frame.variables;
      shell.lastRc = frame.lastRc;
      return true;
    case 'wait':
      if (frame.pids.length > 0) return false;
      shell.frames.pop();
      shell.lastRc = frame.rc;
      return true;
    case 'input':
      if (!process.input.ended) return false;
      shell.frames.pop();
      return true;
  }
}

function nextStep(
  machine: Machine,
  process: Process,
  shell: ShellState,
  frame: Frame & { readonly kind: 'script' },
): void {
  const step = frame.steps[frame.step];
  if (step === undefined) {
    shell.frames.pop();
    return;
  }
  if (lengthOf(machine, outOf(process)) > MOST_OUTPUT) {
    emit(machine, process, process.err, 'bash: too much output\n');
    shell.lastRc = 1;
    shell.frames.length = 0;
    return;
  }
  if (step.background) return inBackground(machine, process, shell, frame);
  frame.step++;
  if (step.when === 'success' && shell.lastRc !== 0) return;
  if (step.when === 'failure' && shell.lastRc === 0) return;
  const [only] = step.pipeline;
  if (only !== undefined && step.pipeline.length === 1) shell.frames.push(commandFrame(only));
  else pipeline(machine, process, shell, step.pipeline);
}

function commandFrame(one: ShellCommand): Frame & { readonly kind: 'command' } {
  const words = one.kind === 'for' ? one.words : [...one.words, ...targetsOf(one)];
  return { kind: 'command', command: one, scripts: scriptsOf(words), outputs: [] };
}

const targetsOf = (one: ShellCommand & { readonly kind: 'simple' }) =>
  one.redirects.flatMap((entry) => (entry.kind === 'join' ? [] : [entry.target]));

/** `a && b &`: a shell of their own works through them. */
function inBackground(
  machine: Machine,
  process: Process,
  shell: ShellState,
  frame: Frame & { readonly kind: 'script' },
): void {
  const steps: ShellStep[] = [];
  for (let step = frame.steps[frame.step]; step?.background; step = frame.steps[frame.step]) {
    if (step.when === 'always' && steps.length > 0) break;
    steps.push({ ...step, background: false });
    frame.step++;
  }
  const child = subshell(machine, process, shell, [{ kind: 'script', steps, step: 0 }], {
    out: outOf(process),
    group: 0,
    stage: false,
    share: Math.floor(shell.commandsLeft / 2),
  });
  shell.background.push(child.pid);
  shell.variables.set('!', String(child.pid));
  shell.lastRc = 0;
  runShell(machine, child);
}

/** Each command of a pipeline is a process; they begin from left to right and run side by side. */
function pipeline(
  machine: Machine,
  process: Process,
  shell: ShellState,
  commands: readonly ShellCommand[],
): void {
  const share = Math.floor(shell.commandsLeft / commands.length);
  const stages = commands.map((one) => {
    const frames: Frame[] = [commandFrame(one)];
    if (one.kind === 'for') frames.push({ kind: 'input' });
    const place = { out: outOf(process), group: process.group, stage: true, share };
    return subshell(machine, process, shell, frames, place);
  });
  for (const [i, stage] of stages.entries()) {
    const before = stages[i - 1];
    if (before === undefined) stage.input.text = process.input.text;
    else {
      Object.assign(stage.input, { text: '', ended: false, from: before.pid });
      before.out = { kind: 'pipe', pid: stage.pid };
    }
  }
  const pids = stages.map(({ pid }) => pid);
  shell.frames.push({ kind: 'wait', pids, last: pids.at(-1) ?? 0, rc: 0 });
  for (const stage of stages) runShell(machine, stage);
}

function nextRound(shell: ShellState, frame: Frame & { readonly kind: 'loop' }): void {
  const value = frame.values[frame.next++];
  if (value === undefined || shell.commandsLeft <= 0) {
    shell.frames.pop();
    return;
  }
  shell.variables.set(frame.loop.name, value);
  shell.frames.push({ kind: 'script', steps: frame.loop.body.steps, step: 0 });
}

/** A command: first what its `$( … )` print, then the command itself. */
function command(
  machine: Machine,
  process: Process,
  shell: ShellState,
  frame: Frame & { readonly kind: 'command' },
): void {
  const script = frame.scripts[frame.outputs.length];
  if (script !== undefined) {
    const { variables, lastRc } = shell;
    const { outputs } = frame;
    shell.frames.push({ kind: 'capture', into: { text: '' }, outputs, variables, lastRc });
    shell.variables = new Map(variables);
    shell.frames.push({ kind: 'script', steps: script.steps, step: 0 });
    return;
  }
  if (shell.commandsLeft-- <= 0) {
    emit(machine, process, process.err, `bash: more than ${MOST_COMMANDS} commands in one line\n`);
    shell.lastRc = 1;
    shell.frames.length = 0;
    return;
  }
  const at = { world: machine.world, host: process.host, shell, outputs: [...frame.outputs] };
  const { command: one } = frame;
  if (one.kind === 'for') {
    const values = one.words.flatMap((word) => expandWord(at, word));
    shell.frames.pop();
    shell.lastRc = 0;
    shell.frames.push({ kind: 'loop', loop: one, values, next: 0 });
  } else runSimple(machine, process, shell, at, one);
}
