import { daemonOn, journalOf, processesOf, setService, signalProcess } from '@lvscope/cluster';
import type { CommandResult, Process, Server, Signal, World } from '@lvscope/cluster';
import type { ServiceAction } from '@lvscope/cluster';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';
import { clockOf } from './tcpdump/text.ts';

/** Names that stand for whatever web server a host runs. */
const WEB_SERVERS = new Set(['httpd', 'apache2', 'apache', 'nginx', 'lighttpd']);

export function serversOf(call: Call): readonly Server[] {
  return call.world.servers.filter((server) => server.hostName === call.host);
}

/** The names, as the scenario has them, of the services that a name on the command line means. */
export function serversMeant(call: Call, asked: string): string[] {
  const name = asked.replace(/\.service$/, '');
  const names = [...new Set(serversOf(call).map((server) => server.name))];
  if (names.includes(name)) return [name];
  return WEB_SERVERS.has(name) ? names : [];
}

/** What a server program does with a signal. */
const SERVER_ACTIONS: Partial<Record<Signal, ServiceAction>> = {
  STOP: 'hang',
  CONT: 'continue',
  TERM: 'stop',
  INT: 'stop',
  KILL: 'stop',
};

const NUMBERS: Readonly<Record<string, Signal>> = {
  '1': 'HUP',
  '2': 'INT',
  '9': 'KILL',
  '10': 'USR1',
  '12': 'USR2',
  '15': 'TERM',
  '18': 'CONT',
  '19': 'STOP',
};

/** `-9`, `-KILL`, `-SIGKILL`, `KILL` */
function signalOf(text: string): Signal | undefined {
  const name = text.replace(/^-/, '').replace(/^SIG/, '').toUpperCase();
  if (Object.hasOwn(NUMBERS, name)) return NUMBERS[name];
  return Object.values(NUMBERS).find((signal) => signal === name);
}

/** Server programs have pids of their own, before those of everything that is begun later. */
const FIRST_SERVER_PID = 301;

interface Row {
  readonly pid: number;
  readonly tty: string;
  readonly state: string;
  readonly startedAt: number;
  readonly name: string;
  readonly command: string;
  readonly process: Process | undefined;
  readonly server: string | undefined;
}

/** All that runs on a host: its server programs, then the process table. */
function rowsOf(call: Call): Row[] {
  const servers = serversOf(call)
    .filter(({ state }) => state !== 'stopped')
    .map((server, i) => ({
      pid: FIRST_SERVER_PID + i,
      tty: '?',
      state: server.state === 'hung' ? 'T' : 'S',
      startedAt: 0,
      name: server.name,
      command: `/usr/sbin/${server.name}`,
      process: undefined,
      server: server.name,
    }));
  const others = processesOf(call.world, call.host).map((process) => ({
    pid: process.pid,
    tty: process.terminal === 0 ? '?' : `pts/${process.terminal - 1}`,
    state: process.status === 'stopped' ? 'T' : 'S',
    startedAt: process.startedAt,
    name: process.name,
    command: process.command,
    process,
    server: undefined,
  }));
  return [...servers, ...others];
}

/** `ps`: of the terminal's own; with -e, ax or aux of all. */
export function ps(call: Call): CommandResult {
  const words = textsOf(call).map((word) => word.replace(/^-/, ''));
  const flags = words.join('');
  if (!/^[aAexufwl]*$/.test(flags)) return failed(1, 'error: unsupported option (BSD syntax)');
  const rows = rowsOf(call);
  if (flags.includes('u') || flags.includes('f')) {
    const header = 'USER         PID TTY      STAT START   TIME COMMAND\n';
    const lines = rows.map(({ pid, tty, state, startedAt, command }) => {
      const start = clockOf(startedAt).slice(0, 5);
      const head = `root     ${String(pid).padStart(7)} ${tty.padEnd(8)} ${state.padEnd(4)}`;
      return `${head} ${start}   0:00 ${command}\n`;
    });
    return said(header + lines.join(''));
  }
  const mine = /[aAex]/.test(flags) ? rows : rows.filter(({ process }) => process?.group === call.group);
  const lines = mine.map(
    ({ pid, tty, name }) => `${String(pid).padStart(7)} ${tty.padEnd(8)} 00:00:00 ${name}\n`,
  );
  return said(`    PID TTY          TIME CMD\n${lines.join('')}`);
}

function send(call: Call, row: Row, signal: Signal): void {
  if (row.process !== undefined) signalProcess(call.world, call.programs, row.pid, signal);
  else if (row.server !== undefined) {
    const action = SERVER_ACTIONS[signal];
    if (action !== undefined) setService(call.world, call.host, row.server, action);
  }
}

/** `kill [-s SIGNAL | -SIGNAL] PID…` */
export function kill(call: Call): CommandResult {
  const words = textsOf(call);
  if (words[0] === '-l') {
    return said(
      `${Object.entries(NUMBERS)
        .map(([number, name]) => `${number}) SIG${name}`)
        .join('\t')}\n`,
    );
  }
  let signal: Signal | undefined = 'TERM';
  if (words[0] === '-s') [signal] = [signalOf(words[1] ?? ''), words.splice(0, 2)];
  else if (words[0]?.startsWith('-')) signal = signalOf(words.shift() ?? '');
  if (signal === undefined) return failed(1, 'bash: kill: invalid signal specification');
  if (words.length === 0) {
    return failed(
      2,
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
    );
  }
  const faults: string[] = [];
  for (const word of words) {
    const row = rowsOf(call).find(({ pid }) => String(pid) === word);
    if (row !== undefined) send(call, row, signal);
    else if (/^\d+$/.test(word)) faults.push(`bash: kill: (${word}) - No such process\n`);
    else faults.push(`bash: kill: ${word}: arguments must be process or job IDs\n`);
  }
  return { rc: faults.length === 0 ? 0 : 1, out: '', err: faults.join('') };
}

/** `pkill [-SIGNAL] [-f] [-x] NAME`, `killall NAME`: everything of this name but the command line itself. */
export const pkill: Program = (call) => {
  const words = textsOf(call);
  const sent = words.find((word) => /^-(\d+|(SIG)?[A-Z]+\d?)$/.test(word));
  const signal = sent === undefined ? 'TERM' : signalOf(sent);
  const name = words.find((word) => !word.startsWith('-'));
  if (signal === undefined || name === undefined) {
    return failed(2, "pkill: no matching criteria specified\nTry `pkill --help' for more information.");
  }
  const meant = serversMeant(call, name);
  const rows = rowsOf(call).filter(
    (row) =>
      row.process?.group !== call.group &&
      (row.server === undefined ? row.name.includes(name) : meant.includes(row.server)),
  );
  // a stopped server is gone from the table; a hung one is there
  for (const row of rows) send(call, row, signal);
  return { ...DONE, rc: rows.length > 0 ? 0 : 1 };
};

/** `pidof NAME`, `pgrep NAME` */
export const pidof =
  (separator: string, whole: boolean): Program =>
  (call) => {
    const name = textsOf(call).find((word) => !word.startsWith('-')) ?? '';
    const pids = rowsOf(call)
      .filter((row) => (whole ? row.name === name : row.name.includes(name)))
      .map(({ pid }) => pid);
    if (pids.length === 0 || name === '') return { ...DONE, rc: 1 };
    return said(`${(separator === ' ' ? pids.toReversed() : pids).join(separator)}\n`);
  };

/** `journalctl [-u UNIT] [-n N]`: what daemons wrote into the system log. */
export function journalctl(call: Call): CommandResult {
  const words = textsOf(call);
  const value = (flag: string): string | undefined =>
    words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
  const unit = value('-u')?.replace(/\.service$/, '');
  const count = Number(value('-n') ?? Number.POSITIVE_INFINITY);
  const lines = logLines(call.world, call.host, unit).slice(Number.isFinite(count) ? -count : 0);
  return said(lines.length === 0 ? '-- No entries --\n' : lines.join(''));
}

/** The lines of a host's system log as syslog writes them. */
function logLines(world: World, hostName: string, unit?: string): string[] {
  return journalOf(world, hostName, unit).map(
    ({ at, host, unit: name, pid, text }) =>
      `Jan 01 ${clockOf(at).slice(0, 8)} ${host} ${name}[${pid}]: ${text}\n`,
  );
}

/** /var/log/messages, which is /var/log/syslog elsewhere. */
export const systemLog = (world: World, host: string): string => logLines(world, host).join('');

/** The process of a daemon that a unit's name means. */
export const daemonOf = (call: Call, unit: string): Process | undefined =>
  daemonOn(call.world, call.host, unit.replace(/\.service$/, ''));
