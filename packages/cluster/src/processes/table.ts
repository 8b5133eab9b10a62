import { armTimer, cancelTimer, NEVER, type SimTime } from '@lvscope/des';
import { endWatch, socketState, stopTap } from '@lvscope/net';
import { noteDown } from '../ha/roles.ts';
import { noteAddresses } from '../machines.ts';
import { abortSocket, closeSocket, closeUdp } from '../transport.ts';
import type { World } from '../world.ts';
import { append, type LoggedCommand, type Message, type Process, type Sink } from './state.ts';
import { promptAgain } from './terminal.ts';

/** How a process begins; what is left out is as a machine's own would be. */
export interface ProcessSpec {
  readonly host: string;
  readonly name: string;
  readonly command: string;
  readonly kind: Process['kind'];
  readonly parent?: number;
  /** 0 or absent: a group of its own. */
  readonly group?: number;
  readonly terminal?: number;
  readonly out: Sink;
  readonly err: Sink;
  readonly record?: LoggedCommand;
}

/** A new row of the table. Its program has not begun yet. */
export function addProcess(world: World, spec: ProcessSpec): Process {
  const { processes } = world;
  const pid = processes.nextPid++;
  const process: Process = {
    pid,
    parent: spec.parent ?? 0,
    group: spec.group || pid,
    terminal: spec.terminal ?? 0,
    host: spec.host,
    startedAt: world.sim.now,
    kind: spec.kind,
    name: spec.name,
    command: spec.command,
    state: undefined,
    status: 'running',
    rc: 0,
    alarmAt: NEVER,
    slot: -1,
    inbox: [],
    sockets: [],
    taps: [],
    watches: [],
    hears: [],
    out: spec.out,
    err: spec.err,
    input: { text: '', ended: true, from: 0 },
    record: spec.record,
  };
  processes.rows.set(pid, process);
  return process;
}

export function processOf(world: World, pid: number): Process | undefined {
  return world.processes.rows.get(pid);
}

/** The processes of a host, or of all, in the order in which they began. */
export function processesOf(world: World, host?: string): Process[] {
  const all = [...world.processes.rows.values()];
  return host === undefined ? all : all.filter((process) => process.host === host);
}

/** The process wants to be woken at `at`, once; NEVER takes it back. What was asked before is forgotten. */
export function setAlarm(world: World, process: Process, at: SimTime): void {
  process.alarmAt = at > NEVER ? NEVER : at;
  armSlot(world, process, process.inbox.length > 0 ? world.sim.now : process.alarmAt);
}

/** Something happened to a process: it reads of it at this instant, after what is under way now. */
export function tell(world: World, pid: number, message: Message): void {
  const process = world.processes.rows.get(pid);
  if (process === undefined) return;
  process.inbox.push(message);
  armSlot(world, process, world.sim.now);
}

/** Takes what is there to be read; an alarm that is due has gone off with it. */
export function takeMessages(world: World, process: Process): Message[] {
  const messages = process.inbox;
  process.inbox = [];
  if (process.alarmAt <= world.sim.now) {
    process.alarmAt = NEVER;
    messages.push({ kind: 'alarm' });
  }
  return messages;
}

/** After a wake: the timer stands for the alarm again. */
export function armAgain(world: World, process: Process): void {
  armSlot(world, process, process.inbox.length > 0 ? world.sim.now : process.alarmAt);
}

function armSlot(world: World, process: Process, at: SimTime): void {
  const { bank } = world.processes;
  if (process.status === 'exited') return;
  if (at === NEVER && process.slot < 0) return;
  armTimer(world.sim, bank, slotOf(world, process), at);
}

/** The process's timer in the bank. Taps that wake it name it, so that they need not know of processes. */
export function slotOf(world: World, process: Process): number {
  const { slots } = world.processes;
  if (process.slot < 0) {
    const free = slots.indexOf(0);
    process.slot = free < 0 ? slots.length : free;
    slots[process.slot] = process.pid;
  }
  return process.slot;
}

/** Writes where a sink leads, but for pipes and files: those are the shell's. */
export function writeLog(world: World, sink: Sink & { readonly kind: 'log' }, text: string): void {
  const { record, fd } = sink;
  const what = fd === 1 ? 'out' : 'err';
  if (record[what].length < record.most) record[what] = (record[what] + text).slice(0, record.most);
  const terminal = world.processes.terminals.get(sink.terminal);
  if (terminal !== undefined) append(terminal.output, text);
}

/**
 * A process is over: its sockets, taps and timer go, its line in the log gets the exit code, and whoever
 * waits hears of it.
 */
export function endProcess(world: World, process: Process, rc: number): void {
  if (process.status === 'exited') return;
  process.status = 'exited';
  process.rc = rc;
  release(world, process);
  world.processes.rows.delete(process.pid);
  if (process.kind === 'daemon') noteDown(world, process);
  if (process.record !== undefined) {
    process.record.rc = rc;
    noteAddresses(world, process.host);
    tellNetlink(world, process.host);
    promptAgain(world, process);
  }
  const parent = world.processes.rows.get(process.parent);
  if (parent?.kind === 'daemon') tell(world, parent.pid, { kind: 'child', pid: process.pid, rc });
}

/** A command line has been carried out on a host: who hears of changes looks at its interfaces again. */
function tellNetlink(world: World, host: string): void {
  for (const process of processesOf(world, host)) {
    if (process.hears.includes('netlink')) tell(world, process.pid, { kind: 'netlink' });
  }
}

function release(world: World, process: Process): void {
  const { bank, slots } = world.processes;
  if (process.slot >= 0) {
    cancelTimer(world.sim, bank, process.slot);
    slots[process.slot] = 0;
    process.slot = -1;
  }
  for (const tap of process.taps) stopTap(world.net, tap);
  for (const watch of process.watches) endWatch(world.net, watch);
  for (let socket = process.sockets[0]; socket !== undefined; socket = process.sockets[0]) {
    dropSocket(world, process, socket, 'close');
  }
}

/** A process lets go of one of its sockets. */
export function dropSocket(world: World, process: Process, socket: number, how: 'close' | 'abort'): void {
  const at = process.sockets.indexOf(socket);
  if (at < 0) return;
  process.sockets.splice(at, 1);
  if (socketState(world.net, socket) === 'UDP') closeUdp(world, socket);
  else if (how === 'close') closeSocket(world, socket, true);
  else abortSocket(world, socket);
}

/** A host loses its power: all that runs on it ends, but for the command line that pulls the plug. */
export function endProcessesOf(world: World, host: string, spared = 0): void {
  for (const process of processesOf(world, host)) {
    if (process.group !== spared) endProcess(world, process, 255);
  }
}
