import type { Programs } from '@lvscope/cluster';
import { COMMON_PORT_NAMES, NO_PORT_NAMES } from '@lvscope/syntax';
import type { PortName } from '@lvscope/syntax';
import { runLine } from './interpreter.ts';
import { said } from './program.ts';
import type { Program } from './program.ts';
import { ip } from './programs/ip.ts';
import { iptables } from './programs/iptables.ts';
import { ipvsadm, ipvsadmRestore, ipvsadmSave } from './programs/ipvsadm.ts';
import { loadgen } from './programs/loadgen.ts';
import { MACHINE_PROGRAMS } from './programs/machine.ts';
import { sysctl } from './programs/sysctl.ts';
import { TEXT_TOOLS } from './programs/text-tools.ts';

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['ipvsadm', ipvsadm],
  ['ipvsadm-save', ipvsadmSave],
  ['ipvsadm-restore', ipvsadmRestore],
  ['sysctl', sysctl],
  ['ip', ip],
  ['iptables', iptables],
  ['iptables-legacy', iptables],
  ['loadgen', loadgen],
  ...MACHINE_PROGRAMS,
  ...TEXT_TOOLS,
  ['help', () => said(`${PROGRAM_NAMES.join(' ')}\n`)],
]);

/** What can be typed, sorted. */
export const PROGRAM_NAMES: readonly string[] = [...PROGRAMS.keys()].filter((name) => name !== ':').sort();

/** Carries command lines out on hosts that know these port names (/etc/services). */
export const programsWith = (names: readonly PortName[]): Programs => ({
  run: (world, host, commandLine) => runLine(world, host, commandLine, PROGRAMS, names),
});

/** Hosts as operators know them: `ipvsadm -L` without -n says http for 80. */
export const programs: Programs = programsWith(COMMON_PORT_NAMES);

/** Hosts as the recorded ones: without /etc/services every port is a number, and `-t …:http` is refused. */
export const programsWithoutNames: Programs = programsWith(NO_PORT_NAMES);
