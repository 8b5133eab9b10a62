import type { Programs } from '@lvscope/cluster';
import { COMMON_PORT_NAMES, NO_PORT_NAMES } from '@lvscope/syntax';
import type { PortName } from '@lvscope/syntax';
import { said } from './program.ts';
import { programsOf } from './run/driver.ts';
import type { Lasting } from './run/lasting.ts';
import type { Program } from './program.ts';
import { arping } from './programs/arp/arping.ts';
import { arptables } from './programs/arp/arptables.ts';
import { sendArp } from './programs/arp/send-arp.ts';
import { ab } from './programs/http/ab.ts';
import { curl } from './programs/http/curl.ts';
import { traceroute } from './programs/icmp/traceroute.ts';
import { arp } from './programs/net-tools/arp.ts';
import { ifconfig } from './programs/net-tools/ifconfig.ts';
import { netstat } from './programs/net-tools/netstat.ts';
import { route } from './programs/net-tools/route.ts';
import { ss } from './programs/net-tools/ss.ts';
import { busyboxPing, ping } from './programs/icmp/ping.ts';
import { ip } from './programs/ip/ip.ts';
import { iptables } from './programs/iptables.ts';
import { ipvsadm, ipvsadmRestore, ipvsadmSave } from './programs/ipvsadm.ts';
import { loadgen } from './programs/loadgen.ts';
import { MACHINE_PROGRAMS } from './programs/machine.ts';
import { TC_PROGRAMS } from './programs/tc.ts';
import { arpOr } from './programs/router-cache.ts';
import { sleep } from './programs/sleep.ts';
import { sysctl } from './programs/sysctl.ts';
import { LINE_TOOLS } from './programs/line-tools.ts';
import { watch } from './programs/watch.ts';
import { tcpdump } from './programs/tcpdump/tcpdump.ts';
import { TEXT_TOOLS } from './programs/text-tools.ts';

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['ipvsadm', ipvsadm],
  ['ipvsadm-save', ipvsadmSave],
  ['ipvsadm-restore', ipvsadmRestore],
  ['sysctl', sysctl],
  ['ip', ip],
  ['iptables', iptables],
  ['iptables-legacy', iptables],
  ['arptables', arptables],
  ['arptables-legacy', arptables],
  ['ifconfig', ifconfig],
  ['route', route],
  ['arp', arpOr(arp)],
  ['send_arp', sendArp],
  ['ss', ss],
  ['netstat', netstat],
  ['loadgen', loadgen],
  ...MACHINE_PROGRAMS,
  ...TC_PROGRAMS,
  ...TEXT_TOOLS,
  ...LINE_TOOLS,
  ['help', () => said(`${PROGRAM_NAMES.join(' ')}\n`)],
]);

const LASTING: ReadonlyMap<string, Lasting> = new Map([
  ['sleep', sleep],
  ['tcpdump', tcpdump],
  ['watch', watch],
  ['arping', arping],
  ['ping', ping],
  ['traceroute', traceroute],
  ['curl', curl],
  ['ab', ab],
]);

/** Those of one call that read what is piped into them. */
const READERS: ReadonlySet<string> = new Set([
  'cat',
  'head',
  'tail',
  'wc',
  'grep',
  'egrep',
  'sort',
  'uniq',
  'cut',
  'tr',
  'tee',
  'ipvsadm',
  'ipvsadm-restore',
  'sysctl',
]);

/** What can be typed, sorted. */
export const PROGRAM_NAMES: readonly string[] = [...PROGRAMS.keys(), ...LASTING.keys()]
  .filter((name) => name !== ':')
  .sort();

/** Carries command lines out on hosts that know these port names (/etc/services). */
export const programsWith = (
  names: readonly PortName[],
  lasting: ReadonlyMap<string, Lasting> = LASTING,
): Programs => programsOf({ names, instant: PROGRAMS, lasting, readers: READERS });

/** Hosts as operators know them: `ipvsadm -L` without -n says http for 80. */
export const programs: Programs = programsWith(COMMON_PORT_NAMES);

/**
 * Hosts as the recorded ones: without /etc/services every port is a number, and `-t …:http` is refused;
 * ping is busybox'.
 */
export const programsWithoutNames: Programs = programsWith(
  NO_PORT_NAMES,
  new Map([...LASTING, ['ping', busyboxPing]]),
);
