import { bootHost, historyOf, rebootHost, setPower } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';
import { journalctl, kill, pidof, pkill, ps } from './processes.ts';
import { clearOr } from './router-cache.ts';
import { service, systemctl } from './systemctl.ts';
import { clockOf } from './tcpdump/text.ts';

/** Pulls the plug. */
function poweroff({ world, host, group }: Call): CommandResult {
  setPower(world, host, false, group);
  return DONE;
}

function poweron({ world, programs, host }: Call): CommandResult {
  bootHost(world, programs, host);
  return DONE;
}

/** `reboot [-f]`: orderly, or (-f, --force) without telling anybody. */
function reboot(call: Call): CommandResult {
  const words = textsOf(call);
  const unknown = words.find((word) => word !== '-f' && word !== '--force');
  if (unknown?.startsWith('--')) return failed(1, `reboot: unrecognized option '${unknown}'`);
  if (unknown?.startsWith('-')) return failed(1, `reboot: invalid option -- '${unknown.slice(1, 2)}'`);
  if (unknown !== undefined) return failed(1, 'Too many arguments.');
  const { world, programs, host, group } = call;
  rebootHost(world, programs, host, { force: words.length > 0, spared: group });
  return DONE;
}

/** Modules that LVS set-ups load. All that they bring is there from the start; tunl0 is, but down. */
const MODULES: readonly RegExp[] = [
  /^ip_vs(_(rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|mh|fo|ovf|twos|ftp|pe_sip))?$/,
  /^(ipip|dummy|nf_conntrack)$/,
  /^(iptable_(mangle|filter|nat)|xt_(mark|MARK|multiport|tcpudp))$/,
];

/** `modprobe [-a] MODULE…` */
function modprobe(call: Call): CommandResult {
  const names = textsOf(call).filter((word) => !word.startsWith('-'));
  if (names.length === 0) return failed(1, 'modprobe: ERROR: missing parameters. See -h.');
  const known = (name: string): boolean => MODULES.some((module) => module.test(name.replaceAll('-', '_')));
  const unknown = names.find((name) => !known(name));
  if (unknown === undefined) return DONE;
  return failed(1, `modprobe: FATAL: Module ${unknown} not found in directory /lib/modules`);
}

/** `lsmod`: what is there from the start, as far as LVS set-ups ask for it. */
function lsmod(call: Call): CommandResult {
  const director = call.world.directors.some(({ name }) => name === call.host);
  const rows: (readonly [string, number, string])[] = [
    ...(director
      ? ([
          ['ip_vs', 188416, '0'],
          ['nf_conntrack', 188416, '1 ip_vs'],
          ['nf_defrag_ipv4', 16384, '1 nf_conntrack'],
        ] as const)
      : []),
    ['ipip', 20480, '0'],
    ['tunnel4', 16384, '1 ipip'],
    ['ip_tunnel', 36864, '1 ipip'],
    ['dummy', 16384, '0'],
  ];
  const lines = rows.map(([name, size, by]) => `${name.padEnd(22)} ${String(size).padStart(7)}  ${by}\n`);
  return said(`Module                  Size  Used by\n${lines.join('')}`);
}

/** The hosts' calendar begins with the run. */
function date(call: Call): CommandResult {
  const seconds = Math.floor(call.world.sim.now / 1e9);
  const format = textsOf(call).find((word) => word.startsWith('+'));
  const clock = clockOf(call.world.sim.now).slice(0, 8);
  if (format === undefined) return said(`Thu Jan  1 ${clock} UTC 1970\n`);
  const [hours = '', minutes = '', secs = ''] = clock.split(':');
  const nanoseconds = String(call.world.sim.now % 1e9).padStart(9, '0');
  const parts: Readonly<Record<string, string>> = {
    '%s': String(seconds),
    '%N': nanoseconds,
    '%H': hours,
    '%M': minutes,
    '%S': secs,
    '%T': clock,
    '%F': '1970-01-01',
    '%%': '%',
  };
  return said(`${format.slice(1).replace(/%[sNHMSTF%]/g, (found) => parts[found] ?? found)}\n`);
}

/** The load average is not simulated. */
function uptime(call: Call): CommandResult {
  const minutes = Math.floor(call.world.sim.now / 60e9);
  const up =
    minutes < 60
      ? `${minutes} min`
      : `${String(Math.floor(minutes / 60)).padStart(2)}:${String(minutes % 60).padStart(2, '0')}`;
  const users = [...call.world.processes.terminals.values()].filter(({ host }) => host === call.host).length;
  const clock = clockOf(call.world.sim.now).slice(0, 8);
  return said(
    ` ${clock} up ${up},  ${users} user${users === 1 ? '' : 's'},  load average: 0.00, 0.00, 0.00\n`,
  );
}

/** `history`: what was typed, and clicked, on the host. */
function history(call: Call): CommandResult {
  const lines = historyOf(call.world, call.host);
  return said(lines.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`).join(''));
}

export const MACHINE_PROGRAMS: readonly (readonly [string, Program])[] = [
  ['hostname', (call) => said(`${call.host}\n`)],
  ['date', date],
  ['uptime', uptime],
  ['history', history],
  ['clear', clearOr(() => said('\u001b[H\u001b[2J\u001b[3J'))],
  ['lsmod', lsmod],
  ['systemctl', systemctl],
  ['service', service],
  ['journalctl', journalctl],
  ['ps', ps],
  ['kill', kill],
  ['pkill', pkill],
  ['killall', pkill],
  ['pidof', pidof(' ', true)],
  ['pgrep', pidof('\n', false)],
  ['modprobe', modprobe],
  ['poweroff', poweroff],
  ['poweron', poweron],
  ['reboot', reboot],
];
