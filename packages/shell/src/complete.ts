import { DAEMONS, filePaths, hostNamed, ipvsOf, services, sysctlKeys } from '@lvscope/cluster';
import type { Completion, World } from '@lvscope/cluster';
import { formatEndpoint, formatIpv4 } from '@lvscope/inet';
import { sysctlFile } from '@lvscope/syntax';
import { PROC_FILES } from './proc-files.ts';
import type { Tools } from './run/machine.ts';

/** Candidates that Tab offers at most. */
const MOST_CANDIDATES = 500;

/** What can stand at the cursor: a command's name, its options, or an address, interface, file or setting. */
export function complete(world: World, tools: Tools, host: string, text: string, cursor: number): Completion {
  const before = text.slice(0, Math.max(0, cursor));
  const from = before.length - (/[^\s;|&<>()"'=]*$/.exec(before)?.[0].length ?? 0);
  const start = before.slice(from);
  const head = before.slice(0, from);
  const candidates = isCommand(head)
    ? commandNames(tools)
    : [...wordsOf(world, host, head, start), ...objects(world, host, head, start)];
  const fitting = [...new Set(candidates)].filter((word) => word.startsWith(start)).sort();
  return { from, candidates: fitting.slice(0, MOST_CANDIDATES) };
}

/** A command's name stands at the beginning, behind an operator, or behind `sudo` and `watch`. */
const isCommand = (head: string): boolean => /(^|[;|&(]|\bdo)\s*((sudo|watch(\s+-n\s*\S+)?)\s+)*$/.test(head);

const commandNames = (tools: Tools): string[] => [
  ...tools.instant.keys(),
  ...tools.lasting.keys(),
  ...DAEMONS.keys(),
];

/** Options and words that operators type behind a command. */
const WORDS: Readonly<Record<string, string>> = {
  ab: '-n -c -k -t -s -q',
  arp: '-n -a -d -s -i',
  arping: '-U -A -D -b -f -q -c -w -I -s -i',
  arptables: '-A -D -I -L -F INPUT OUTPUT -s -d -j DROP ACCEPT mangle --mangle-ip-s -n',
  curl: '-s -S -o -I -w -m --connect-timeout',
  grep: '-c -i -v -n -E -F -q -w',
  ifconfig: '-a -s up down netmask broadcast arp -arp hw ether',
  ip:
    'addr link route neigh tunnel rule -s -d -br -4 show add del replace change flush get ' +
    'set dev via src up down arp on off mtu address lladdr nud type dummy table local ' +
    'main default scope host',
  iptables:
    '-t mangle filter nat -A -D -I -C -F -Z -P -L -S -n -v -x --line-numbers INPUT FORWARD OUTPUT ' +
    'PREROUTING -s -d -i -o -p tcp udp icmp --dport --sport --icmp-type -j ACCEPT DROP REJECT MARK ' +
    'REDIRECT --reject-with --set-mark --to-ports',
  ipvsadm:
    '-A -E -D -a -e -d -C -L -Ln -Lnc -l -n -c -t -u -f -s -p -M -O -r -g -i -m -w -x -y ' +
    '-Z -S -R --stats --rate --timeout --daemon --set --persistent-conn --thresholds ' +
    '--exact --start-daemon --stop-daemon rr wrr lc wlc lblc lblcr dh sh sed nq',
  kill: '-TERM -KILL -HUP -STOP -CONT -INT',
  netstat: '-a -n -t -u -l -r -i -an -tln -rn',
  ping: '-c -i -W -w -I -s -M do -n -q -t',
  pkill: '-TERM -KILL -HUP -STOP -CONT',
  route: '-n add del -net -host default netmask gw dev',
  service: 'start stop restart reload status',
  ss: '-a -n -t -u -l -s -tan -tln state established time-wait sport dport',
  sysctl: '-w -a -n -p',
  systemctl: 'start stop restart reload status is-active',
  tc: 'qdisc add change del show dev root netem delay loss',
  tcpdump:
    '-i -n -nn -e -nne -v -c -q -t -S -l arp icmp tcp udp vrrp host net port src dst ' + 'ether and or not',
  traceroute: '-n -I -m -q -w',
  watch: '-n -t',
};

/** Behind these an interface stands, and nothing else. */
const NAMES_DEVICE = /\s(-i|-I|dev)\s+$/;

function wordsOf(world: World, host: string, head: string, start: string): string[] {
  if (NAMES_DEVICE.test(head)) return [];
  const command = /(?:^|[;|&(]|\bdo\b)\s*(?:sudo\s+)?(\S+)\s[^;|&(]*$/.exec(head)?.[1] ?? '';
  const known = Object.hasOwn(WORDS, command) ? (WORDS[command] ?? '').split(' ') : [];
  // options only where one is begun, so that Tab behind a blank offers things, not letters
  const words = start.startsWith('-') ? known : known.filter((word) => !word.startsWith('-'));
  const units = ['systemctl', 'service', 'pkill', 'pidof', 'journalctl'].includes(command);
  const servers = world.servers.filter(({ hostName }) => hostName === host).map(({ name }) => name);
  return units ? [...words, ...servers, ...DAEMONS.keys()] : words;
}

function objects(world: World, host: string, head: string, start: string): string[] {
  if (start.startsWith('/')) return files(world, host, start);
  const machine = hostNamed(world, host);
  if (machine === undefined || start.startsWith('-')) return [];
  const devices = machine.interfaces.map(({ name }) => name);
  if (NAMES_DEVICE.test(head)) return devices;
  const addresses = world.net.hosts.flatMap((one) =>
    one.interfaces.flatMap((nic) => nic.addresses.map(({ address }) => formatIpv4(address))),
  );
  return [...devices, ...addresses, ...virtualOf(world, host), ...sysctlKeys(world, host)];
}

/** A director's services and their servers, as ipvsadm takes them. */
function virtualOf(world: World, host: string): string[] {
  const ipvs = ipvsOf(world, host);
  if (ipvs === undefined) return [];
  return services(ipvs).flatMap(({ key, destinations }) => [
    ...(key.kind === 'address' ? [formatEndpoint(key.address, key.port)] : []),
    ...destinations.map(({ address, port }) => formatEndpoint(address, port)),
  ]);
}

/** Paths up to the next slash, as a shell offers them. */
function files(world: World, host: string, start: string): string[] {
  const settings = sysctlKeys(world, host).map((key) => sysctlFile(key.replaceAll('.', '/')));
  return [...settings, ...filePaths(world, host), ...PROC_FILES]
    .filter((path) => path.startsWith(start))
    .map((path) => {
      const slash = path.indexOf('/', start.length);
      return slash < 0 ? path : path.slice(0, slash + 1);
    });
}
