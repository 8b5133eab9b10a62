import { addProcess, DAEMONS, noteAddresses } from '@lvscope/cluster';
import type { Process, Sink } from '@lvscope/cluster';
import { parseShellLine } from '@lvscope/syntax';
import type { PlacedWord, Redirect, SimpleCommand } from '@lvscope/syntax';
import { openFile, openToWrite } from '../files.ts';
import type { Program } from '../program.ts';
import { daemonByName } from '../programs/systemctl.ts';
import { emit } from './ends.ts';
import { expandWord } from './expand.ts';
import type { Expansion } from './expand.ts';
import type { Lasting } from './lasting.ts';
import { outOf } from './machine.ts';
import type { Machine } from './machine.ts';
import { runOf } from './run.ts';
import { scriptNamed } from './script.ts';
import type { Frame, ShellState } from './state.ts';
import { giveBack, subshell } from './subshell.ts';

/** Where a command's outputs go, and what it reads. */
interface Plumbing {
  readonly out: Sink;
  readonly err: Sink;
  /** undefined: what comes through the shell's own standard input. */
  readonly input: string | undefined;
}

/** Carries out one command of a shell, whose frame is the innermost. */
export function runSimple(
  machine: Machine,
  process: Process,
  shell: ShellState,
  at: Expansion,
  command: SimpleCommand,
): void {
  const words = command.words.flatMap((word) =>
    expandWord(at, word).map((text) => ({ text, line: word.line, column: word.column })),
  );
  const plumbing = plumb(machine, process, at, command.redirects);
  if (typeof plumbing === 'string') {
    finish(shell, 1);
    emit(machine, process, process.err, plumbing);
    return;
  }
  const plain = withoutPrefix(words);
  const [first] = plain;
  const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(first?.text ?? '');
  if (first === undefined) finish(shell, shell.lastRc);
  else if (assignment?.[1] !== undefined && plain.length === 1) {
    shell.variables.set(assignment[1], assignment[2] ?? '');
    finish(shell, command.words.some(isSubstitution) ? shell.lastRc : 0);
  } else runProgram(machine, process, shell, plain, plumbing);
}

/** `sudo` is root already; an init script is `service` by another name. */
function withoutPrefix(words: readonly PlacedWord[]): readonly PlacedWord[] {
  const [first, ...rest] = words;
  if (first?.text === 'sudo') return withoutPrefix(rest);
  const script = /^\/etc\/(?:rc\.d\/)?init\.d\/([\w.-]+)$/.exec(first?.text ?? '');
  if (first === undefined || script?.[1] === undefined) return words;
  return [{ ...first, text: 'service' }, { ...first, text: script[1] }, ...rest];
}

const isSubstitution = ({ parts }: SimpleCommand['words'][number]): boolean =>
  parts.some(({ kind }) => kind === 'output');

/** The command is over. */
function finish(shell: ShellState, rc: number): void {
  shell.frames.pop();
  shell.lastRc = rc;
}

/** Opens what the redirections name, from left to right. @returns what the shell says where it cannot */
function plumb(
  machine: Machine,
  process: Process,
  at: Expansion,
  redirects: readonly Redirect[],
): Plumbing | string {
  const { world } = machine;
  const sinks: Record<1 | 2, Sink> = { 1: outOf(process), 2: process.err };
  let input: string | undefined;
  for (const entry of redirects) {
    if (entry.kind === 'join') {
      sinks[entry.fd] = sinks[entry.to];
      continue;
    }
    const path = expandWord(at, entry.target).join(' ');
    if (entry.kind === 'read') {
      const file = openFile(world, process.host, path);
      if (!file.ok) return `bash: ${path}: ${file.fault}\n`;
      input = file.text;
      continue;
    }
    const fault = openToWrite(world, process.host, path, entry.kind === 'append');
    if (fault !== undefined) return `bash: ${path}: ${fault}\n`;
    sinks[entry.fd] = { kind: 'file', path };
  }
  return { out: sinks[1], err: sinks[2], input };
}

function runProgram(
  machine: Machine,
  process: Process,
  shell: ShellState,
  words: readonly PlacedWord[],
  plumbing: Plumbing,
): void {
  const { tools } = machine;
  const called = words[0]?.text ?? '';
  const name = called.replace(/^\/(usr\/(local\/)?)?s?bin\//, '');
  const args = words.slice(1);
  const builtin = BUILTINS.get(name);
  const program = tools.instant.get(name);
  const lasting = tools.lasting.get(name);
  if (builtin !== undefined) builtin(shell, args);
  else if (lasting !== undefined) launch(machine, process, shell, { name, words, plumbing, lasting });
  else if (program === undefined && DAEMONS.has(name)) {
    runCall(machine, process, shell, name, (call) => daemonByName(call, name), args, plumbing);
  } else if (program === undefined) {
    const input = plumbing.input ?? process.input.text;
    const script = scriptNamed(machine.world, process.host, called, name, args, input);
    if (script?.ok === true) return runScript(machine, process, shell, words, plumbing, script.text);
    finish(shell, script?.rc ?? 127);
    emit(machine, process, plumbing.err, `${script?.fault ?? `bash: ${called}: command not found`}\n`);
  } else if (plumbing.input === undefined && !process.input.ended && tools.readers.has(name)) {
    launch(machine, process, shell, { name, words, plumbing, lasting: undefined });
  } else runCall(machine, process, shell, name, program, args, plumbing);
}

/** A script counts as so many commands: a line that keeps calling scripts must come to an end soon. */
const SCRIPT_FEE = 20;

/** A shell below this one works through a script; this one waits. */
function runScript(
  machine: Machine,
  process: Process,
  shell: ShellState,
  words: readonly PlacedWord[],
  plumbing: Plumbing,
  text: string,
): void {
  shell.commandsLeft = Math.max(0, shell.commandsLeft - SCRIPT_FEE);
  shell.frames.pop();
  const script = parseShellLine(text);
  if (!script.ok) {
    const { line, column, found, wanted } = script.problem;
    const where = `line ${line}, column ${column}`;
    shell.lastRc = 2;
    emit(machine, process, plumbing.err, `bash: ${where}: syntax error near ${found}: wanted ${wanted}\n`);
    return;
  }
  const { out, err } = plumbing;
  const frames: Frame[] = [{ kind: 'script', steps: script.value.steps, step: 0 }];
  const child = subshell(machine, process, shell, frames, {
    out,
    err,
    group: process.group,
    stage: false,
    share: shell.commandsLeft,
  });
  child.command = words.map((word) => word.text).join(' ');
  child.input.text = plumbing.input ?? '';
  shell.frames.push({ kind: 'wait', pids: [child.pid], last: child.pid, rc: 0 });
  machine.due.push(child.pid);
}

function runCall(
  machine: Machine,
  process: Process,
  shell: ShellState,
  name: string,
  program: Program,
  args: readonly PlacedWord[],
  plumbing: Plumbing,
): void {
  const { world, programs, tools } = machine;
  const { host, terminal, group } = process;
  const onTerminal = terminal !== 0 && plumbing.out.kind === 'log';
  const input = plumbing.input ?? process.input.text;
  const call = { world, host, programs, names: tools.names, input, args, group, onTerminal };
  const { rc, out, err } = program(call);
  noteAddresses(world, host);
  finish(shell, rc);
  deliver(machine, process, shell, name, plumbing, { out, err });
}

/** What a program of one call printed goes where its redirections say. */
function deliver(
  machine: Machine,
  process: Process,
  shell: ShellState,
  name: string,
  plumbing: Plumbing,
  printed: { readonly out: string; readonly err: string },
): void {
  for (const what of ['out', 'err'] as const) {
    const ok = emit(machine, process, plumbing[what], printed[what], name);
    if (!ok && process.status !== 'exited') shell.lastRc = 1;
  }
}

/** Commands of the shell itself. */
const BUILTINS: ReadonlyMap<string, (shell: ShellState, args: readonly PlacedWord[]) => void> = new Map([
  [
    'exit',
    (shell: ShellState, args: readonly PlacedWord[]) => {
      const asked = Number(args[0]?.text ?? shell.lastRc);
      shell.frames.length = 0;
      shell.lastRc = Number.isInteger(asked) ? asked & 255 : 2;
    },
  ],
  [
    'wait',
    (shell: ShellState) => {
      finish(shell, 0);
      shell.frames.push({ kind: 'wait', pids: [...shell.background], last: 0, rc: 0 });
    },
  ],
]);

interface Launched {
  readonly name: string;
  readonly words: readonly PlacedWord[];
  readonly plumbing: Plumbing;
  /** undefined: a program of one call that waits for its input. */
  readonly lasting: Lasting | undefined;
}

/** Begins a program that takes time in a process of its own or, as a stage's only command, in the stage's. */
function launch(
  machine: Machine,
  process: Process,
  shell: ShellState,
  { name, words, plumbing, lasting }: Launched,
): void {
  const { host, terminal, group, pid } = process;
  const { out, err } = plumbing;
  const command = words.map(({ text }) => text).join(' ');
  const alone = shell.stage && shell.frames.length === 1;
  if (alone) giveBack(machine, process, shell);
  const target = alone
    ? Object.assign(process, { name, command, out, err })
    : addProcess(machine.world, {
        host,
        name,
        command,
        kind: 'command',
        parent: pid,
        group,
        terminal,
        out,
        err,
      });
  if (!alone) {
    shell.frames.pop();
    shell.frames.push({ kind: 'wait', pids: [target.pid], last: target.pid, rc: 0 });
  }
  const args = words.slice(1);
  if (lasting === undefined) {
    target.state = { kind: 'filter', args, lines: 0, rc: undefined };
    if (!alone) takeInput(process, target);
    machine.due.push(target.pid);
    return;
  }
  const state: { kind: 'program'; own: unknown } = { kind: 'program', own: undefined };
  target.state = state;
  state.own = lasting.start(runOf(machine, target), args, plumbing.input ?? process.input.text);
}

/** The shell's standard input becomes that of the one command that reads it. */
function takeInput(shell: Process, reader: Process): void {
  Object.assign(reader.input, shell.input);
  Object.assign(shell.input, { text: '', ended: true, from: 0 });
}
