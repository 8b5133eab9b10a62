import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';
import type { Message, Process, Signal } from './state.ts';
import { addProcess, armAgain, endProcess, processesOf, takeMessages } from './table.ts';

/** What a daemon's functions are given. What it must remember stands in `process.state`, as plain data. */
export interface DaemonCall {
  readonly world: World;
  /** For `execute(world, programs, host, line, 'daemon', { parent: process.pid })`. */
  readonly programs: Programs;
  readonly process: Process;
}

/** The code of a daemon: functions over plain state, woken by its alarm, by messages and by signals. */
export interface Daemon {
  /** Sets `process.state` and the first alarm. @returns why it could not start, in its own words */
  readonly start: (call: DaemonCall, args: readonly string[]) => string | undefined;
  /**
   * Something happened; of an alarm that has gone off (it must be set anew) there is an `alarm` among the
   * messages. A tap that has seen something wakes without a message.
   */
  readonly wake: (call: DaemonCall, messages: readonly Message[]) => void;
  /** TERM, INT, HUP (reload), USR1, USR2. It ends itself with `endProcess`; KILL and STOP never come here. */
  readonly signal: (call: DaemonCall, signal: Signal) => void;
  /** Lines that `systemctl status` shows under the state. */
  readonly status?: (call: DaemonCall) => readonly string[];
}

/** Daemons by name. Filled once, when the package is loaded; no part of any world. */
export const DAEMONS: Map<string, Daemon> = new Map();

export type DaemonStarted =
  | { readonly ok: true; readonly pid: number }
  | { readonly ok: false; readonly reason: string };

/** Starts a daemon on a host. One that runs there already is refused, as by its pid file. */
export function startDaemon(
  world: World,
  programs: Programs,
  host: string,
  name: string,
  args: readonly string[] = [],
): DaemonStarted {
  const daemon = DAEMONS.get(name);
  if (daemon === undefined) return { ok: false, reason: `${name}: there is no such daemon` };
  if (daemonOn(world, host, name)) return { ok: false, reason: `${name} is already running` };
  const nowhere = { kind: 'capture', into: { text: '' } } as const;
  const process = addProcess(world, {
    host,
    name,
    command: [`/usr/sbin/${name}`, ...args].join(' '),
    kind: 'daemon',
    out: nowhere,
    err: nowhere,
  });
  const reason = daemon.start({ world, programs, process }, args);
  if (reason === undefined) return { ok: true, pid: process.pid };
  endProcess(world, process, 1);
  return { ok: false, reason };
}

/** The daemon of this name that runs on a host. */
export function daemonOn(world: World, host: string, name: string): Process | undefined {
  return processesOf(world, host).find((process) => process.kind === 'daemon' && process.name === name);
}

/** Sends a signal to a process, whatever it is. @returns false where there is no such process */
export function signalProcess(world: World, programs: Programs, pid: number, signal: Signal): boolean {
  const process = world.processes.rows.get(pid);
  if (process === undefined) return false;
  if (process.kind === 'command') programs.signal(world, pid, signal);
  else signalDaemon({ world, programs, process }, signal);
  return true;
}

function signalDaemon(call: DaemonCall, signal: Signal): void {
  const { world, process } = call;
  const daemon = DAEMONS.get(process.name);
  if (signal === 'KILL' || daemon === undefined) endProcess(world, process, 137);
  else if (signal === 'STOP') process.status = 'stopped';
  else if (signal === 'CONT') resume(call, daemon);
  else daemon.signal(call, signal);
}

/** A stopped process gets what has gathered, and an alarm that went by, when it goes on. */
function resume({ world, programs, process }: DaemonCall, daemon: Daemon): void {
  if (process.status !== 'stopped') return;
  process.status = 'running';
  const messages = takeMessages(world, process);
  if (messages.length > 0) daemon.wake({ world, programs, process }, messages);
  armAgain(world, process);
}

/** Stops a daemon as its init script does, with SIGTERM. @returns false where none runs */
export function stopDaemon(world: World, programs: Programs, host: string, name: string): boolean {
  const process = daemonOn(world, host, name);
  return process !== undefined && signalProcess(world, programs, process.pid, 'TERM');
}
