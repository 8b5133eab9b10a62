import type { Programs } from '../programs.ts';
import { execute } from '../execute.ts';
import type { World } from '../world.ts';
import { append, type Process, type Terminal } from './state.ts';

const prompt = (terminal: Terminal): string => `root@${terminal.host}:~# `;

/** Opens a prompt on a host. @returns its number, or 0 where there is no such host */
export function openTerminal(world: World, host: string): number {
  if (!world.net.hostByName.has(host)) return 0;
  const id = world.processes.nextTerminal++;
  const terminal: Terminal = { id, host, output: { from: 0, text: '' }, job: 0, typed: [] };
  append(terminal.output, prompt(terminal));
  world.processes.terminals.set(id, terminal);
  return id;
}

/** Types a line and Enter. While a job has the terminal the line waits, as a tty's buffer has it. */
export function typeLine(world: World, programs: Programs, id: number, line: string): void {
  const terminal = world.processes.terminals.get(id);
  if (terminal === undefined) return;
  terminal.typed.push(line);
  if (terminal.job === 0) nextLine(world, programs, terminal);
}

function nextLine(world: World, programs: Programs, terminal: Terminal): void {
  while (terminal.job === 0) {
    const line = terminal.typed.shift();
    if (line === undefined) return;
    append(terminal.output, `${line}\n`);
    if (line.trim() === '') append(terminal.output, prompt(terminal));
    else {
      const { pid, rc } = execute(world, programs, terminal.host, line, 'user', { terminal: terminal.id });
      // what ended at once has asked for the next prompt by itself
      if (rc === undefined) terminal.job = pid;
    }
  }
}

/** Ctrl-C: what is in the foreground gets SIGINT, what was typed ahead is forgotten. */
export function interrupt(world: World, programs: Programs, id: number): void {
  const terminal = world.processes.terminals.get(id);
  if (terminal === undefined) return;
  terminal.typed.length = 0;
  append(terminal.output, '^C');
  if (terminal.job !== 0) programs.signal(world, terminal.job, 'INT');
  else append(terminal.output, `\n${prompt(terminal)}`);
}

/** The terminal's window is closed: its job gets SIGHUP. */
export function closeTerminal(world: World, programs: Programs, id: number): void {
  const terminal = world.processes.terminals.get(id);
  if (terminal === undefined) return;
  terminal.typed.length = 0;
  if (terminal.job !== 0) programs.signal(world, terminal.job, 'HUP');
  world.processes.terminals.delete(id);
}

/** A command line is over: its terminal shows the prompt again. */
export function promptAgain(world: World, leader: Process): void {
  const terminal = world.processes.terminals.get(leader.terminal);
  if (terminal === undefined || (terminal.job !== 0 && terminal.job !== leader.pid)) return;
  terminal.job = 0;
  const shown = terminal.output.text;
  // a shell begins its prompt in the next line after a Ctrl-C, else right behind what was printed
  append(terminal.output, shown.endsWith('^C') ? `\n${prompt(terminal)}` : prompt(terminal));
  if (terminal.typed.length > 0) world.processes.due.push(terminal.id);
}

/** Begins what was typed while the terminals were busy. */
export function serveTerminals(world: World, programs: Programs): void {
  const { due, terminals } = world.processes;
  for (let id = due.shift(); id !== undefined; id = due.shift()) {
    const terminal = terminals.get(id);
    if (terminal !== undefined) nextLine(world, programs, terminal);
  }
}

/** What a terminal shows. */
export interface TerminalView {
  readonly host: string;
  /** Place of `text`'s first character; beyond `since` where what lay between is forgotten. */
  readonly from: number;
  readonly text: string;
  /** Give it as `since` next time. */
  readonly next: number;
  /** A job is in the foreground. */
  readonly busy: boolean;
}

/** What stands on a terminal from a place on; undefined where there is no such terminal. */
export function readTerminal(world: World, id: number, since = 0): TerminalView | undefined {
  const terminal = world.processes.terminals.get(id);
  if (terminal === undefined) return undefined;
  const { from, text } = terminal.output;
  const first = Math.min(Math.max(since, from), from + text.length);
  return {
    host: terminal.host,
    from: first,
    text: text.slice(first - from),
    next: from + text.length,
    busy: terminal.job !== 0,
  };
}

/** The prompts that are open, by number. */
export function terminalsOf(world: World): { readonly id: number; readonly host: string }[] {
  return [...world.processes.terminals.values()].map(({ id, host }) => ({ id, host }));
}

/** What was typed on a host, and clicked, oldest first: no line twice in a row. */
export function historyOf(world: World, host: string): string[] {
  const lines = world.commands.filter((record) => record.host === host && record.origin === 'user');
  return lines.map(({ command }) => command).filter((line, i, all) => line !== all[i - 1]);
}
