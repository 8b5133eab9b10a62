import type { LoggedCommand } from './processes/state.ts';
import type { Programs } from './programs.ts';
import type { CommandRecord } from './view.ts';
import type { World } from './world.ts';

/** Of a command's text, this much is kept in the log; the result of one that ends at once has all of it. */
const LOGGED_TEXT = 20_000;
/** Characters that a command may print before time goes on. */
const MOST_TEXT = 20_000_000;

/** What a command line has come to by now. */
export interface Executed {
  /** Exit code; undefined: it goes on, and its entry in the log will be completed. */
  readonly rc: number | undefined;
  readonly out: string;
  readonly err: string;
  /** The process of its shell. */
  readonly pid: number;
}

export interface ExecuteOptions {
  /** The terminal that it has; 0 = none. */
  readonly terminal?: number;
  /** The daemon that hears of its end (`child`). */
  readonly parent?: number;
}

/**
 * Carries a command line out on a host, from the present instant on, and writes it into the log. A line of
 * programs that take no time is over when this returns; any other goes on as a job in the process table.
 */
export function execute(
  world: World,
  programs: Programs,
  host: string,
  commandLine: string,
  origin: CommandRecord['origin'] = 'user',
  options: ExecuteOptions = {},
): Executed {
  const record: LoggedCommand = {
    at: world.sim.now,
    host,
    command: commandLine,
    rc: undefined,
    out: '',
    err: '',
    origin,
    most: MOST_TEXT,
  };
  world.commands.push(record);
  let pid = 0;
  if (world.net.hostByName.has(host)) {
    const { terminal = 0, parent = 0 } = options;
    pid = programs.start(world, { host, line: commandLine, record, terminal, parent });
  } else {
    record.rc = 255;
    record.err = `no host is called ${host}\n`;
  }
  const { rc, out, err } = record;
  record.most = LOGGED_TEXT;
  record.out = out.slice(0, LOGGED_TEXT);
  record.err = err.slice(0, LOGGED_TEXT);
  return { rc, out, err, pid };
}

/** The log from entry `from` on. Entries without an exit code are of commands that go on. */
export function commands(world: World, from = 0): CommandRecord[] {
  return world.commands
    .slice(from)
    .map(({ at, host, command, rc, out, err, origin }) => ({ at, host, command, rc, out, err, origin }));
}
