import { addTimerBank, type SimTime, type Simulation } from '@lvscope/des';
import type { CloseReason, FrameWatch, Tap } from '@lvscope/net';
import type { Ipv4 } from '@lvscope/inet';
import { EVENT_PROCESS } from '../events.ts';
import type { CommandRecord } from '../view.ts';

/** Signals that something here makes a difference between. */
export type Signal = 'HUP' | 'INT' | 'KILL' | 'TERM' | 'STOP' | 'CONT' | 'USR1' | 'USR2';

/** What happened to a process while it slept; it reads them when it wakes, oldest first. */
export type Message =
  /** Its alarm has gone off; it comes last. */
  | { readonly kind: 'alarm' }
  | { readonly kind: 'connected' | 'remote-closed'; readonly socket: number }
  | { readonly kind: 'received'; readonly socket: number; readonly bytes: number }
  | { readonly kind: 'closed'; readonly socket: number; readonly reason: CloseReason }
  | {
      readonly kind: 'datagram';
      readonly socket: number;
      readonly from: Ipv4;
      readonly fromPort: number;
      readonly to: Ipv4;
      readonly toPort: number;
      readonly bytes: number;
      /** What it says, where it is a message of one daemon to another. */
      readonly content: Uint8Array | undefined;
    }
  /** A packet of a protocol that the process hears (`hears`), at an interface of its host. */
  | {
      readonly kind: 'packet';
      readonly protocol: number;
      readonly device: string;
      readonly from: Ipv4;
      readonly ttl: number;
      readonly content: Uint8Array;
    }
  /** A command has been carried out on its host: interfaces and addresses may have changed (`hears`). */
  | { readonly kind: 'netlink' }
  | { readonly kind: 'datagram-error'; readonly socket: number; readonly type: number; readonly code: number }
  /** A command line that the process (a daemon) began has come to its end. */
  | { readonly kind: 'child'; readonly pid: number; readonly rc: number };

/** A command of the log while it may still grow. */
export interface LoggedCommand extends CommandRecord {
  rc: number | undefined;
  out: string;
  err: string;
  /** Characters of either text that are kept. */
  most: number;
}

/** Where what a process prints goes. */
export type Sink =
  | { readonly kind: 'log'; readonly record: LoggedCommand; readonly terminal: number; readonly fd: 1 | 2 }
  | { readonly kind: 'pipe'; readonly pid: number }
  | { readonly kind: 'file'; readonly path: string }
  /** The text of a `$( … )`, held by whoever waits for it. */
  | { readonly kind: 'capture'; readonly into: { text: string } };

/** A program that is under way on a host. All of it is data; its code is found by `name`. */
export interface Process {
  readonly pid: number;
  /** Who began it: a shell, or a daemon; 0 = the machine itself. */
  readonly parent: number;
  /** The command line's shell: Ctrl-C reaches its whole group. */
  readonly group: number;
  /** 0 = none. */
  readonly terminal: number;
  readonly host: string;
  readonly startedAt: SimTime;
  readonly kind: 'command' | 'daemon';
  /** What `pkill` and `pidof` know it by. */
  name: string;
  /** The words that it was begun with, as `ps` shows them. */
  command: string;
  /** The program's own; plain data. */
  state: unknown;
  status: 'running' | 'stopped' | 'exited';
  rc: number;
  /** When it wants to be woken; NEVER = only by a message. */
  alarmAt: SimTime;
  /** Its timer in the bank; -1 = it has none yet. */
  slot: number;
  inbox: Message[];
  /** Sockets, taps and watches that end with it. */
  readonly sockets: number[];
  readonly taps: Tap[];
  readonly watches: FrameWatch[];
  /** What else it hears: IP protocols (a raw socket), and changes of its host's interfaces. */
  readonly hears: (number | 'netlink')[];
  out: Sink;
  err: Sink;
  /** What waits to be read; `from`: the process that writes it; `ended`: nobody will write any more. */
  readonly input: { text: string; ended: boolean; from: number };
  /** Of a command line's shell: its entry in the log. */
  readonly record: LoggedCommand | undefined;
}

/** Text that grows at its end and is forgotten at its beginning. */
export interface Stream {
  /** Place of the first character that is still there, counted from the first ever. */
  from: number;
  text: string;
}

/** A prompt on a host. */
export interface Terminal {
  readonly id: number;
  readonly host: string;
  /** All that stands on it: prompts, what was typed, and what programs printed. */
  readonly output: Stream;
  /** The command line in the foreground; 0 = the prompt waits. */
  job: number;
  /** Lines typed while a job was in the foreground. */
  readonly typed: string[];
}

/** One line of a host's system log. */
export interface JournalLine {
  readonly at: SimTime;
  readonly host: string;
  readonly unit: string;
  readonly pid: number;
  readonly text: string;
}

export interface ProcessTable {
  readonly bank: number;
  /** By pid, in the order in which they began. */
  readonly rows: Map<number, Process>;
  /** Which process has a timer of the bank; 0 = it is free. */
  readonly slots: number[];
  nextPid: number;
  readonly terminals: Map<number, Terminal>;
  nextTerminal: number;
  /** Terminals whose job has ended while more was typed. */
  readonly due: number[];
  readonly journal: JournalLine[];
  /** What users did so far (`act`): where a replay stands. */
  actions: number;
}

/** The first pid that a machine gives after its boot; what is below belongs to the kernel and to init. */
const FIRST_PID = 401;

export function createProcessTable(sim: Simulation): ProcessTable {
  return {
    bank: addTimerBank(sim, EVENT_PROCESS, 16),
    rows: new Map(),
    slots: [],
    nextPid: FIRST_PID,
    terminals: new Map(),
    nextTerminal: 1,
    due: [],
    journal: [],
    actions: 0,
  };
}

/** Characters of a terminal that are kept. */
const MOST_STREAM = 400_000;

export function append(stream: Stream, text: string): void {
  stream.text += text;
  if (stream.text.length <= 2 * MOST_STREAM) return;
  const cut = stream.text.length - MOST_STREAM;
  stream.text = stream.text.slice(cut);
  stream.from += cut;
}
